insert into log (what) values ('afterEachMigrateStatement');
