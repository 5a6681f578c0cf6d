create table a (id int);
create table b (id int);
create rule r as on insert to a do also (insert into b values (new.id); insert into b values (new.id + 1));
insert into a values (1);
