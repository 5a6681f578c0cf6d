create table audit (what text, number int, transaction_of_migration boolean);
