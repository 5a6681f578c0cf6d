select set_config('app.tenant', 'x', false);
create table a as select current_setting('app.tenant') as t;
