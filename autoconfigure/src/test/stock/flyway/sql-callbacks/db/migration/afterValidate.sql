insert into log (what) values ('afterValidate');
