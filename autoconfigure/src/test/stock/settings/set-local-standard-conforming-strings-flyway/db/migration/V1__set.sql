set local standard_conforming_strings = off;
create table a as select 'x\\\\y' as text;
