create table parent (id int primary key);
create table child (id int references parent deferrable initially deferred);
create table x (id int);
insert into x values (1);
create function f() returns int volatile language sql as $$ insert into child values (5) returning id $$;
