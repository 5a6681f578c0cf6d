create function f() returns int language sql security definer set search_path = public as 'select 1';
revoke all on function f from public;
grant execute on function f to current_user;
