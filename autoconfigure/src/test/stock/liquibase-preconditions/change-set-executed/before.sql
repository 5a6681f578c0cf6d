create table person (id int not null, name text, age int);
insert into person values (1, 'Ann', 30), (2, 'Bob', 40);
create index person_i on person (id);
create sequence s;
create view v as select 1 as one;
create table k (id int primary key, u int constraint uq unique);
create table c (k int constraint fk references k);
