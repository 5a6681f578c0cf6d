create table shedlock (name text primary key, lock_until timestamptz not null, locked_by text not null);
