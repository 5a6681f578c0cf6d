-- Not in a transaction: Flyway sees by itself that this is not possible in one
create index concurrently orders_placed_at_idx on orders (placed_at desc);
