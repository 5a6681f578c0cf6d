create table job (id int primary key);
insert into job values (1), (2);
