create function slow() returns int language sql set statement_timeout = '200ms' as 'select 1 from pg_sleep(2)';
