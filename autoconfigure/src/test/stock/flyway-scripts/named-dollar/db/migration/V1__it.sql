create function f() returns text language plpgsql as $body$ begin return $$a;b$$; end; $body$;
