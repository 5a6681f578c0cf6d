alter table orders alter column total set default 0;
alter table orders alter column total set not null;
