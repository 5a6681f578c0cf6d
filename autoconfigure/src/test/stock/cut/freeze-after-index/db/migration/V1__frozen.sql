create table frozen (id int);
create index frozen_id on frozen (id);
copy frozen from stdin with (freeze);
1
2
\.
