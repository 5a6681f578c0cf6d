create table a (id int primary key);
insert into a values (2), (1);
cluster a using a_pkey;
reindex table a;
