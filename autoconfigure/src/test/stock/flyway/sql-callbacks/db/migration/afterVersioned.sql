insert into log (what) values ('afterVersioned');
