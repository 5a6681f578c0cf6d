create table "select" ("from" int);
insert into "select" ("from") values (1);
