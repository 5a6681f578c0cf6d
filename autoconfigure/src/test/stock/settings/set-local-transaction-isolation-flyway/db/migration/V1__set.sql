set local transaction_isolation = 'serializable';
create table a as select current_setting('transaction_isolation') as level;
