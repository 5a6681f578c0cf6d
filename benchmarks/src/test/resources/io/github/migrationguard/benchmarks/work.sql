create schema bench;
grant usage on schema bench to public;
create sequence bench.first;
create sequence bench.overlaps;

-- Takes long for whoever comes first. Counts who executes it while the transaction of another session still does, in a
-- sequence: that stays even if the transaction is rolled back.
create function bench.work(seconds float) returns void language plpgsql security definer as $$
begin
	if not pg_try_advisory_xact_lock(-2022, 0) then
		perform nextval('bench.overlaps');
	end if;
	if nextval('bench.first') = 1 then
		perform pg_sleep(seconds);
	end if;
end
$$;
