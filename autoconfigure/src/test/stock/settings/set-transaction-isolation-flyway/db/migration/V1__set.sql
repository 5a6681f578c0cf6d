set transaction_isolation = 'repeatable read';
create table a as select current_setting('transaction_isolation') as level;
