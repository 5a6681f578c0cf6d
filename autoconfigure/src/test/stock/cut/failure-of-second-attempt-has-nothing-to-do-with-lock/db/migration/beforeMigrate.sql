insert into deploy values ('begin');
