create schema t1;
create schema t2;
create table t1.orders (id int);
create table t2.orders (id int);
