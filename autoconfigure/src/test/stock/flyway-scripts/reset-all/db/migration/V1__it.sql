set work_mem = '8MB';
create table a (id int);
reset all;
