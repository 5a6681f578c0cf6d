alter table measurements_1 add constraint day check (day >= '2025-01-01' and day < '2025-02-01') not valid;
alter table measurements_1 validate constraint day;
alter table measurements attach partition measurements_1 for values from ('2025-01-01') to ('2025-02-01');
