do $$ begin execute format($f$alter role %I set default_transaction_read_only = on$f$, current_user); end $$;
