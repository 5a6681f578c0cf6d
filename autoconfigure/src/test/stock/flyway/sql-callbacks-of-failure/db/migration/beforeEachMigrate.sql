insert into log (what) values ('beforeEachMigrate');
