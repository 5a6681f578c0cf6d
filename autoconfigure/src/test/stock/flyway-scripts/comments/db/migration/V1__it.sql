/* one; /* nested; */ two; */ create table a (id int); -- end; of line
create table b (id int) -- last
