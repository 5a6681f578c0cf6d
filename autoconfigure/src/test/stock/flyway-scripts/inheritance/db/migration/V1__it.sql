create table p (id int);
create table c (t text) inherits (p);
insert into c values (1, 'x');
alter table p add u int default 3;
