create table a (id int);
create index concurrently i on a (id);
insert into a values (1);
