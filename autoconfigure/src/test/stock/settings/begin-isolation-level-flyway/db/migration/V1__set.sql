begin isolation level serializable;
create table a as select current_setting('transaction_isolation') as level;
commit;
