--liquibase formatted sql
--changeset ann:p1
create table p1 (id int);
