insert into log (what) values ('afterEachMigrateError');
