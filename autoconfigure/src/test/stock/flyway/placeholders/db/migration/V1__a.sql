create table ${table} (who text default '${flyway:user}' , s text);
insert into ${table} (s) values ('${flyway:defaultSchema} ${flyway:filename} ${flyway:table}');
