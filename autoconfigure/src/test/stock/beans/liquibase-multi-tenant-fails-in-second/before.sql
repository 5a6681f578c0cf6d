create schema one;
create schema two;
create schema three;
create table two.a (id int);
