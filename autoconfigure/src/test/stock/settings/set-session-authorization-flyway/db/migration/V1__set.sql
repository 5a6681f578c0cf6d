create table a (id int);
set session characteristics as transaction isolation level repeatable read;
