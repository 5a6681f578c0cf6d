insert into log (what) values ('beforeMigrate');
