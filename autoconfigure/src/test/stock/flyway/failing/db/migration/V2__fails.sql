create table b (id int);
insert into missing values (1);
