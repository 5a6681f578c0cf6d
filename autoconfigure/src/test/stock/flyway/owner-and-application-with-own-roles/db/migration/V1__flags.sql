create schema app;
alter default privileges in schema app grant select on tables to clerk;
create table app.flags (name text);
insert into app.flags values ('new');
grant usage on schema app to clerk;
