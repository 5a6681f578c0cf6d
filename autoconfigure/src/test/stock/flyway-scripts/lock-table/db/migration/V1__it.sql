create table a (id int);
lock table a in access exclusive mode;
alter table a add b int;
