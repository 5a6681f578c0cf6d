create table orders (id int);
create materialized view totals as select count(*) from orders;
