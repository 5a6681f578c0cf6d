create table a (id int primary key, t text);
insert into a values (1, 'x'), (2, 'y');
