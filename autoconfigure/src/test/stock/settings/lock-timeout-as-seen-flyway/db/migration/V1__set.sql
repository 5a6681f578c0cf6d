create table a as select current_setting('lock_timeout') as t;
