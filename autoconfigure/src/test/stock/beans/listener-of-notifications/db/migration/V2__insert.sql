insert into flags values ('of V2');
