-- The time a back-fill takes on a table of some size
update orders
set total = (select sum(quantity * unit_price) from order_lines where order_id = orders.id);
select pg_sleep(${backfill-seconds});
