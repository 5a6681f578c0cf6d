create table a (id int);
savepoint s;
insert into a values (1);
rollback to s;
insert into a values (2);
