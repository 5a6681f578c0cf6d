insert into settings values ('flag', 'new');
