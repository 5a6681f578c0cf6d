create table p (id int constraint pk primary key);
