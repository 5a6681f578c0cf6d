create table tenants (name text);
insert into tenants values ('acme'), ('globex');
