--liquibase formatted sql

--changeset orders:index-orders-by-date runInTransaction:false
create index concurrently orders_placed_at_idx on orders (placed_at desc);
--rollback drop index concurrently orders_placed_at_idx;
