insert into flags values ('of the script');
