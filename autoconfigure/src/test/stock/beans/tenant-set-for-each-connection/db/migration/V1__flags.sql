create table orders (tenant text not null default current_setting('app.tenant'), name text);
alter table orders enable row level security;
alter table orders force row level security;
create policy of_tenant on orders using (tenant = current_setting('app.tenant'));
insert into orders (name) values ('of the migration');
