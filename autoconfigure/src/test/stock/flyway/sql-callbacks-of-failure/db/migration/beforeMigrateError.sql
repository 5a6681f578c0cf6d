insert into log (what) values ('beforeMigrateError');
