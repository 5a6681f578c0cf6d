\set x 1
create table a (id int);
