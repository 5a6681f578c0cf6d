create table a as select '{"k": 1}'::jsonb ? 'k' as q, '{"k": 1}'::jsonb ->> 'k' as v, array[1,2] && array[2] as o;
