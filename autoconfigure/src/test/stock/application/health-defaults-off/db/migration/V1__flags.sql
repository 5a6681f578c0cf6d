create table flags (name text);
insert into flags values ('new');
