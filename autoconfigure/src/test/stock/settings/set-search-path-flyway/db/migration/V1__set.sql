create schema other;
set search_path = other;
create table a (id int);
