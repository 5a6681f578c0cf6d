insert into log (what) values ('2');
