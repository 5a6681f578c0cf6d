create table #[table] (id text);
insert into #[table] values ('${not}');
