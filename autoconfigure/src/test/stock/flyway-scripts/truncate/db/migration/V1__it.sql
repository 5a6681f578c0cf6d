create table a (id int);
insert into a values (1);
truncate a restart identity cascade;
