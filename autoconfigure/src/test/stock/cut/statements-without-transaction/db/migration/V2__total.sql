create table a (id int);
vacuum orders;
alter table orders add total int;
update orders set total = coalesce(total, 0) + 1;
