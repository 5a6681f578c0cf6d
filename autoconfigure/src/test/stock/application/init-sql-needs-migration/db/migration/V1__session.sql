create schema app;
create table app.flags (name text);
insert into app.flags values ('new');
create function app.begin_session() returns text language sql as $$ select set_config('search_path', 'app', false) $$;
