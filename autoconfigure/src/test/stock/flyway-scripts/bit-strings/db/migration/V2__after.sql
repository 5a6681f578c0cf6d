create table after_it (id int);
