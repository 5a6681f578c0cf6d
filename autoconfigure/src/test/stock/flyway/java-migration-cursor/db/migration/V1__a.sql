create table a as select generate_series(1, 5000) as id;
