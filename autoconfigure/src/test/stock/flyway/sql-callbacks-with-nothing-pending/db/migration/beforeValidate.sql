insert into log (what) values ('beforeValidate');
