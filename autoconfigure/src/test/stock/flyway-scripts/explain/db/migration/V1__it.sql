create table a (id int);
explain select * from a;
analyze a;
