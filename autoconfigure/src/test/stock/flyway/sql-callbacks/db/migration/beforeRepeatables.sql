insert into log (what) values ('beforeRepeatables');
