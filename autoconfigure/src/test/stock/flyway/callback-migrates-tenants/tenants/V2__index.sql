create index orders_id on orders (id);
