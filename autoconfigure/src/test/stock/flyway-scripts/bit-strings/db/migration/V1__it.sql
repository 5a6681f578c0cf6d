create table a as select b'101' as b, x'1F' as x, n'nat' as n;
