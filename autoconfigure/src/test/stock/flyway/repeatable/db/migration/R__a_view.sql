create or replace view u as select * from a;
