create table people (mood mood default 'ok');
