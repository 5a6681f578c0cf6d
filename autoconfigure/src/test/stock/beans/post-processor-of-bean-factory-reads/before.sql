create table settings (name text, value text);
insert into settings values ('flag', 'old');
