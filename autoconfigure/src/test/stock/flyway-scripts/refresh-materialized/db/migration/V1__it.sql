create materialized view m as select 1 as x;
create unique index on m (x);
refresh materialized view m;
refresh materialized view concurrently m;
