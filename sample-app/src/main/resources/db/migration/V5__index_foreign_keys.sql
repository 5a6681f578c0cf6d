create index orders_customer_id_idx on orders (customer_id);
create index order_lines_product_id_idx on order_lines (product_id);
