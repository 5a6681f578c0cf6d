set local statement_timeout = '1min';
set transaction isolation level serializable;
create table a as select current_setting('transaction_isolation') as level;
