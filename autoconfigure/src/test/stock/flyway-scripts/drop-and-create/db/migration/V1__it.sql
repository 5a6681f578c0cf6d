create table a (id int);
drop table a;
create table a (id bigint);
