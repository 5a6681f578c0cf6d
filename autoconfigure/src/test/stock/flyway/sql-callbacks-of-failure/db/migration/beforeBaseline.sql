insert into log (what) values ('beforeBaseline');
