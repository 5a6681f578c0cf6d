create table a as select current_setting('transaction_isolation') as isolation;
