create table a (id int);
with x as (insert into a values (1), (2) returning id) select count(*) from x;
merge into a using (select 1 as id) s on a.id = s.id when matched then delete;
