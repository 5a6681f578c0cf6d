--liquibase formatted sql

--changeset test:customers
create sequence customer_seq increment by 50;
create table customer (id bigint primary key, name varchar(255));

--changeset test:notes
create table note (id bigint primary key, content varchar(255));

--changeset test:runs
create table run (at timestamp default current_timestamp);

--changeset test:count-runs runAlways:true
insert into run default values;
