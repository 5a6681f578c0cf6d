delete from databasechangeloglock;
