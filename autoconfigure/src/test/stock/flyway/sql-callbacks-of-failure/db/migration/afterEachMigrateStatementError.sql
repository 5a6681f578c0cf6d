insert into log (what) values ('afterEachMigrateStatementError');
