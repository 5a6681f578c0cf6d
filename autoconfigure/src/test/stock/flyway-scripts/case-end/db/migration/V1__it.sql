create table a as select case when true then 1 else 2 end as x;
create view begin_end as select 1 as "begin", 2 as "end";
