create table a (id int);
rollback;
create table b (id int);
