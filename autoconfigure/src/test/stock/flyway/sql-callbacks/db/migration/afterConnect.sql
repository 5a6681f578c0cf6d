insert into log (what) values ('afterConnect');
