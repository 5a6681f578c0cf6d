--liquibase formatted sql

--changeset guard:one
create table one (id int);

--changeset guard:two
create table two (id int);
