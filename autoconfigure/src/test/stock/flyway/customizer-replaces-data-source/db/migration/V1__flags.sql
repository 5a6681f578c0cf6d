create table flags (name text);
insert into flags values (current_setting('app.source'));
