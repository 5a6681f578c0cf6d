create table a (id int, t text);
copy a (id, t) from stdin;
1	one; two
2	\N
3	three\\
\.
insert into a values (4, 'four');
