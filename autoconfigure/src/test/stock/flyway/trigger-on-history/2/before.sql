create function audit() returns trigger language plpgsql as $$
begin
  insert into audit values (tg_op || ' ' || coalesce(new.version, 'none'), new.installed_rank, to_regclass('a') is not null);
  return new;
end $$;
create trigger audit after insert or update on flyway_schema_history for each row execute function audit();
