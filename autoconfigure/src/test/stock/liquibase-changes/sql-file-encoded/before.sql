create table person (id int not null, name text, age int);
insert into person values (1, 'Ann', 30), (2, 'Bob', 40);
