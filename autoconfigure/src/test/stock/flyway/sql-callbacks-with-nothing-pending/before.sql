create table log (id serial, what text);
