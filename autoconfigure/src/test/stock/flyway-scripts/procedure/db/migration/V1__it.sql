create table a (id int);
create procedure p(x int) language plpgsql as $p$ begin insert into a values (x); end $p$;
call p(3);
