do $$ begin raise exception 'no' using errcode = '55P03'; end $$;
