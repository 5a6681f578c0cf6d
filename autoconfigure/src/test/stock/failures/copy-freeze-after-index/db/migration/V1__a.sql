create table a (id int);
create index on a (id);
create table b (id int);
truncate b;
copy b (id) from stdin with (freeze);
1
2
\.
