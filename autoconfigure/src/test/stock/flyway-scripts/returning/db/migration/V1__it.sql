create table a (id serial, t text);
insert into a (t) values ('x') returning id;
update a set t = 'y' returning *;
select * from a;
