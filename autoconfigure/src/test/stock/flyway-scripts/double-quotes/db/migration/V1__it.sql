create table "a;b" ("c""d" int);
