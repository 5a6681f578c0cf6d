create schema app;
create table app.flags (name text);
insert into app.flags values ('new');
do $$ begin execute format('alter database %I set search_path = app, public', current_database()); end $$;
