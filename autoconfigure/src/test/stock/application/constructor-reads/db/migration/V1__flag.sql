insert into flags values ('new');
