create schema other;
set local search_path = other;
create table a (id int);
