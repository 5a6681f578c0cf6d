set local timezone = 'Asia/Tokyo';
create table a as select to_char(timestamptz '2020-01-01 00:00:00+00', 'HH24') as hour;
