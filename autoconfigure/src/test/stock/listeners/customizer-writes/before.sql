create table customized (id serial);
