insert into log (what) values ('afterBaseline');
