do $$ begin raise exception 'no' using errcode = '57014'; end $$;
