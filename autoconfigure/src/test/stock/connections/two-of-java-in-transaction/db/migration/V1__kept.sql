create table kept (what text);
