create table flags (name text);
select * from missing;
