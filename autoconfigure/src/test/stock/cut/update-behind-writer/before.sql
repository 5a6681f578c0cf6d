create table orders (id int primary key, total int);
insert into orders values (1, 1), (2, 2);
