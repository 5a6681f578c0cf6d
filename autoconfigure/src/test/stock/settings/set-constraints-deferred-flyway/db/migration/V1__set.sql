create table a (id int primary key);
create table b (a int references a deferrable);
set constraints all deferred;
insert into b values (1);
insert into a values (1);
