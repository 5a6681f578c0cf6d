create table a (id int);
select * from missing;
