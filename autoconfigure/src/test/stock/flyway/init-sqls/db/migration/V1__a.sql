create table a as select current_setting('app.x') as x;
