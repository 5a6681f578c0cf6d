create function f() returns int language sql begin atomic select 1; select 2; end;
create table a (id int);
