alter table measurements detach partition measurements_1 concurrently;
alter table measurements detach partition measurements_2 concurrently;
