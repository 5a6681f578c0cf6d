create table ${table} (id text);
