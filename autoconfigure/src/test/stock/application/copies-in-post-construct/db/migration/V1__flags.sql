create type mood as enum ('sad', 'ok');
create table people (name text, mood mood);
