create table ddl_log (id int generated always as identity, tag text, object text, in_extension boolean);
create function log_ddl() returns event_trigger language plpgsql security definer as $$
begin
  insert into ddl_log (tag, object, in_extension) select command_tag, object_identity, in_extension from pg_event_trigger_ddl_commands();
end $$;
create event trigger log_ddl on ddl_command_end execute function log_ddl();
grant select on ddl_log to public;
