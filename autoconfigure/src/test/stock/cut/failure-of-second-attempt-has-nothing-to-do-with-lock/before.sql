create table orders (id int);
create table deploy (name text unique);
