create table flags (name text);
create function tell() returns trigger language plpgsql as $$ begin perform pg_notify('flags', new.name); return null; end $$;
create trigger tell after insert on flags for each row execute function tell();
