insert into log (what) values ('afterEachMigrate');
