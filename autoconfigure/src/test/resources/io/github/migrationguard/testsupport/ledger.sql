create schema ledger;
grant usage on schema ledger to public;

-- What happened, as the database saw it. Rolled back work leaves nothing here.
create table ledger.event (
	id bigint generated always as identity primary key,
	kind text not null,
	subject text not null,
	pid int not null default pg_backend_pid(),
	application_name text not null default current_setting('application_name'),
	transaction text not null default pg_current_xact_id()::text,
	at timestamptz not null default clock_timestamp()
);

create table ledger.gate (
	name text primary key,
	open boolean not null default false
);

-- Returns when the gate is open. Who waits here works, in the eyes of the server: it waits for no lock.
create function ledger.pass(gate_name text) returns void language plpgsql security definer as $$
begin
	if not exists (select from ledger.gate where name = gate_name and not open) then
		return;
	end if;
	perform pg_advisory_xact_lock_shared(-2020, hashtext(gate_name));
	while exists (select from ledger.gate where name = gate_name and not open) loop
		perform pg_sleep(0.02);
	end loop;
end
$$;

create function ledger.cancel_for_a_while(pid int) returns boolean language sql as $$
	select bool_or(pg_cancel_backend(pid)) from generate_series(1, 100) where pg_sleep(0.02) is not null
$$;

-- Refuses DDL while the transaction of another session executes DDL: two runners at once.
create function ledger.statement_starts() returns event_trigger language plpgsql security definer as $$
begin
	if session_user = 'postgres' or current_query() ilike '%databasechangelog%' or current_query() ilike '%flyway_schema_history%' then
		return;
	end if;
	if not pg_try_advisory_xact_lock(-2021, 0) then
		raise exception 'two sessions execute migration statements at the same moment';
	end if;
	-- Must be the first action of its transaction, which an insert would have been before
	if current_query() ilike '%drop index concurrently%' then
		return;
	end if;
	insert into ledger.event (kind, subject) values ('STATEMENT', tg_tag || ': ' || current_query());
end
$$;

-- Fires at commit, so that the time is that of the commit. Stock Liquibase writes the checksums again after it has
-- waited: that records nothing.
create function ledger.unit_recorded() returns trigger language plpgsql security definer as $$
begin
	if tg_op = 'UPDATE' and to_jsonb(old) - 'md5sum' - 'checksum' = to_jsonb(new) - 'md5sum' - 'checksum' then
		return null;
	end if;
	insert into ledger.event (kind, subject)
		values (case when to_jsonb(new) ->> 'success' = 'false' then 'FAILURE' else 'RECORD' end, ledger.unit(to_jsonb(new)));
	return null;
end
$$;

create function ledger.unit_is_recorded() returns trigger language plpgsql security definer as $$
begin
	perform ledger.pass('record ' || ledger.unit(to_jsonb(new)));
	return new;
end
$$;

create function ledger.unit(history jsonb) returns text language sql as $$
	select coalesce(history ->> 'script', (history ->> 'filename') || '::' || (history ->> 'id') || '::' || (history ->> 'author'))
$$;

create function ledger.watch(history_table text) returns void language plpgsql security definer as $$
begin
	execute format('create constraint trigger ledger_recorded after insert or update on %s deferrable initially deferred '
		|| 'for each row execute function ledger.unit_recorded()', history_table);
	execute format('create trigger ledger_is_recorded before insert on %s '
		|| 'for each row execute function ledger.unit_is_recorded()', history_table);
end
$$;

create function ledger.history_created() returns event_trigger language plpgsql security definer as $$
declare
	created record;
begin
	for created in
		select object_identity from pg_event_trigger_ddl_commands()
		where command_tag = 'CREATE TABLE' and object_identity ~ '\.(databasechangelog|flyway_schema_history)$'
	loop
		perform ledger.watch(created.object_identity);
	end loop;
end
$$;

select ledger.watch(format('%I.%I', schemaname, tablename)) from pg_tables
where tablename in ('databasechangelog', 'flyway_schema_history');

create event trigger ledger_statement_starts on ddl_command_start execute function ledger.statement_starts();
create event trigger ledger_history_created on ddl_command_end execute function ledger.history_created();
