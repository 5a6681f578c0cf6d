create schema t1;
create schema t2;
