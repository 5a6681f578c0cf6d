create table instances (name text, port_known boolean);
