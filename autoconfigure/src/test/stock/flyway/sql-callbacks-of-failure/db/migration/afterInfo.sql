insert into log (what) values ('afterInfo');
