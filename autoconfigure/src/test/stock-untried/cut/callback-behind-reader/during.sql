select * from totals;
