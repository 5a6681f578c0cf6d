insert into log (what) values ('afterMigrateError');
