do $$ begin execute format($f$alter role %I set statement_timeout = '10s'$f$, current_user); end $$;
