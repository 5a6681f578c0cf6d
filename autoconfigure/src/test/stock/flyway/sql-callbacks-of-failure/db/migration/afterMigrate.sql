insert into log (what) values ('afterMigrate');
