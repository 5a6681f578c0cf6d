update orders set total = 5 where id = 2;
