insert into products (sku, name, price) values
  ('PEN', 'Fountain pen', 34.50),
  ('INK', 'Bottle of ink', 8.90),
  ('PAD', 'Writing pad', 4.20),
  ('BAG', 'Leather bag', 129.00);
insert into customers (name, email) values
  ('Ada', 'ada@example.com'),
  ('Grace', 'grace@example.com'),
  ('Edsger', 'edsger@example.com');
