create table existing (id int);
