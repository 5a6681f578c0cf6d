insert into log (what) values ('beforeEachMigrateStatement');
