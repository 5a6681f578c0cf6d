select * from job where id = 1 for update;
