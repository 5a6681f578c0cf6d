create table order_lines (
  order_id bigint not null references orders on delete cascade,
  line integer not null,
  product_id bigint not null references products,
  quantity integer not null check (quantity > 0),
  unit_price numeric(10, 2) not null,
  primary key (order_id, line)
);
