create table a (id int);
vacuum a;
insert into a values (1);
