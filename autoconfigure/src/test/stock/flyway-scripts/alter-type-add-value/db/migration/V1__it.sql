create type mood as enum ('sad');
alter type mood add value 'ok';
