update settings set value = 'CHF' where name = 'shop.currency';
create table shops (owner text default '${owner}');
insert into shops default values;
