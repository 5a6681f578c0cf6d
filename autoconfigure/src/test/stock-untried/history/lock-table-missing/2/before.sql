drop table databasechangeloglock;
