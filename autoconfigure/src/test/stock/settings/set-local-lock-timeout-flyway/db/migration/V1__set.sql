set local lock_timeout = '5s';
create table a as select current_setting('lock_timeout') as t;
