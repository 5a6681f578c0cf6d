create table numbers (n int);
insert into numbers values (1), (2);
create function total(out amount int, out highest int) language sql as $$ select sum(n), max(n) from numbers $$;
create procedure add(in n int, inout total int) language plpgsql as $$ begin insert into numbers values (add.n); select sum(numbers.n) into total from numbers; end $$;
