create table t1 (id int);
analyze existing;
create table t2 (id int);
