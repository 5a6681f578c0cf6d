create table a (id text);
insert into a values ('${not}');
