create table a (id int);
select 1 as one;
