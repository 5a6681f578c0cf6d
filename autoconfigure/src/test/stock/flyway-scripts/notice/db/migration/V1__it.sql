do $$ begin raise notice 'hello'; raise warning 'careful'; end $$;
create table a (id int);
