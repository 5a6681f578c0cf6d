--liquibase formatted sql

--property name:who value:Ann

--changeset ann:1 labels:x contextFilter:!prod
--comment: A table
--preconditions onFail:MARK_RAN onError:HALT
--precondition-sql-check expectedResult:0 select count(*) from pg_tables where tablename = 'a'
create table a (id int primary key, t text);
insert into a values (1, '${who}; really');
--rollback drop table a;

--changeset bob:2 splitStatements:false endDelimiter://
create function f() returns int language plpgsql as $$
begin
  insert into a values (2, 'of f');
  return 1;
end $$;

--changeset bob:3 runInTransaction:false
create index concurrently a_t on a (t);

--changeset bob:4 failOnError:false
insert into missing values (1);

--changeset bob:5 stripComments:false runOnChange:true
/* kept */ select f();

--changeset bob:6 dbms:oracle
create table not_here (id int);
