insert into log (what) values ('1');
