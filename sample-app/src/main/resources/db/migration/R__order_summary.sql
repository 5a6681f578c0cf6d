create or replace view order_summary as
select orders.id, customers.email as customer, orders.placed_at, count(order_lines.order_id)::integer as lines, orders.total
from orders
join customers on customers.id = orders.customer_id
left join order_lines on order_lines.order_id = orders.id
group by orders.id, customers.email;
