create table a as select U&'d\0061t\+000061;' as t;
