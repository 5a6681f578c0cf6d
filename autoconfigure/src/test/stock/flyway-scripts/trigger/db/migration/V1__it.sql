create table a (id int, t text);
create function tf() returns trigger language plpgsql as $$ begin new.t := 'x'; return new; end $$;
create trigger tr before insert on a for each row execute function tf();
insert into a values (1);
