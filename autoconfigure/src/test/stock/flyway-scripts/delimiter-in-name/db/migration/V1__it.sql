create table a$b (id int);
insert into a$b values (1);
