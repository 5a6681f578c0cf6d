create table measurements (day date not null, value int) partition by range (day);
do $$
begin
  for i in 1..6 loop
    execute format('create table measurements_%s partition of measurements for values from (%L) to (%L)', i, make_date(2025, i, 1), make_date(2025, i + 1, 1));
  end loop;
end $$;
create table measurements_rest partition of measurements default;
insert into measurements select date '2025-01-01' + n, n from generate_series(0, 364) n;
create index on measurements (day);
drop table measurements_rest;
