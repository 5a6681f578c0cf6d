create table instances (state text);
