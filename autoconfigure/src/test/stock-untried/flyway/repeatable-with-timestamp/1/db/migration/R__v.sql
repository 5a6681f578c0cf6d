create table if not exists t (n int);
insert into t values (1); -- ${flyway:timestamp}
