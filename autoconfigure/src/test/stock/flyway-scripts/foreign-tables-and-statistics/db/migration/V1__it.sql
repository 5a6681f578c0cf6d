create table a (x int, y int);
create statistics st on x, y from a;
alter table a alter x set statistics 500;
alter table a set (fillfactor = 70);
comment on statistics st is 'S';
