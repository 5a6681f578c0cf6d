create table orders (id int);
insert into orders values (1), (1);
