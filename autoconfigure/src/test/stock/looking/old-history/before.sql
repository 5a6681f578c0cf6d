create table databasechangelog (id varchar(255) not null, author varchar(255) not null, filename varchar(255) not null,
  dateexecuted timestamp not null, md5sum varchar(32), description varchar(255), liquibase varchar(10));
insert into databasechangelog values ('orders', 'test', 'classpath:/db/changelog/db.changelog-master.yaml', '2012-01-01', null, 'Create Table', '2.0');
create table orders (id int);
