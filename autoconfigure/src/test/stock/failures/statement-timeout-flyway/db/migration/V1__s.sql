set local statement_timeout = '200ms';
select pg_sleep(2);
