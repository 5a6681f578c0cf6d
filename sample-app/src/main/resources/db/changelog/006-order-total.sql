--liquibase formatted sql

--changeset orders:add-order-total
alter table orders add column total numeric(12, 2);
--rollback alter table orders drop column total;

-- The time a back-fill takes on a table of some size. It is a parameter, and a part
-- of the checksum, so that every checksum has to be a valid one.
--changeset orders:backfill-order-total
--validCheckSum: ANY
update orders
set total = (select sum(quantity * unit_price) from order_lines where order_id = orders.id);
select pg_sleep(${backfill-seconds});
--rollback update orders set total = null;

--changeset orders:require-order-total
alter table orders alter column total set default 0;
alter table orders alter column total set not null;
--rollback alter table orders alter column total drop not null;
