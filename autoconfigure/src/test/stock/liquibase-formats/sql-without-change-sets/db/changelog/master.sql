--liquibase formatted sql

create table a (id int);
