create table a (id int generated always as identity (start 10), x int, y int generated always as (x * 2) stored);
insert into a (x) values (4);
alter table a alter id restart with 50;
insert into a (x) values (5);
