do $$ begin create table a (id int); if true then insert into a values (1); end if; end $$;
