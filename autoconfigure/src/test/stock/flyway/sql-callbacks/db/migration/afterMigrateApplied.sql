insert into log (what) values ('afterMigrateApplied');
