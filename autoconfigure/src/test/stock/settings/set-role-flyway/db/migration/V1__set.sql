set role app_owner;
create table owned (id int);
