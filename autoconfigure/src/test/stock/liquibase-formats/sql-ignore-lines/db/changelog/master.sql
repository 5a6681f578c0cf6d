--liquibase formatted sql
--changeset ann:1
create table a (id int);
--ignoreLines:start
create table ignored (id int);
--ignoreLines:end
create table b (id int);
--changeset ann:2 endDelimiter:\nGO
create table c (id int)
GO
insert into c values (1)
GO
