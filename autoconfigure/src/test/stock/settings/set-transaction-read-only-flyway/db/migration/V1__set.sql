create table a (id int);
set transaction read only;
