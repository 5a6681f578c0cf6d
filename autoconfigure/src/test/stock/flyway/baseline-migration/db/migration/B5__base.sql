create table base (id int);
