create table dept (id int primary key);
create table person (id int primary key, name text default 'x', dept_id int, first text, last text);
insert into dept values (1);
insert into person values (1, 'Ann', 1, 'An', 'Li');
