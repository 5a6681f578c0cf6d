create table settings (name text, value text);
insert into settings values ('shop.currency', 'EUR'), ('spring.flyway.placeholders.owner', 'ann');
