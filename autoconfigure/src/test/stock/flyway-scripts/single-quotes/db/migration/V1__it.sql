create table a as select 'it''s; fine' as t, E'tab\t;' as u;
