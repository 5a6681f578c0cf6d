alter table orders add total int;
update orders set total = 1;
