create table jobs (name text);
insert into jobs values ('of the child');
