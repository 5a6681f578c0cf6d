create table account (id int primary key, balance int not null);
insert into account select i, 0 from generate_series(1, 10) i;
create procedure raise_all() language plpgsql as $$
declare r record;
begin
  for r in select id from account order by id loop
    update account set balance = balance + 10 where id = r.id;
    commit;
  end loop;
end $$;
