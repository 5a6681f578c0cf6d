create table a (t text);
insert into a values ('Grüße, 你好');
