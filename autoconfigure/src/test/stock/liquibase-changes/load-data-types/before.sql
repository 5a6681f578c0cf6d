create table k (a boolean, b date, c int, d bytea, e text, f uuid);
