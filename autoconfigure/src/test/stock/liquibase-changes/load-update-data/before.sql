create table p (id int primary key, t text);
insert into p values (1, 'old');
