create table a as select 'Grüße' as t;
