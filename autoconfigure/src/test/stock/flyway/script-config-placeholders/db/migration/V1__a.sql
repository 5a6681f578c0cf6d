create table a (t text);
insert into a values ('${x}');
