create table of_flyway (id int);
