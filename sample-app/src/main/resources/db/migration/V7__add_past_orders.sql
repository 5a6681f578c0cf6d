insert into orders (customer_id, placed_at)
select customers.id, timestamptz '2026-01-01 09:00:00+00' + number * interval '1 hour'
from generate_series(1, 300) as number
join customers on customers.id = 1 + number % 3;
insert into order_lines (order_id, line, product_id, quantity, unit_price)
select orders.id, row_number() over (partition by orders.id order by products.id), products.id,
  1 + orders.id % 4, products.price
from orders
join products on (orders.id + products.id) % 2 = 0;
