delete from databasechangelog;
drop table a, b;
