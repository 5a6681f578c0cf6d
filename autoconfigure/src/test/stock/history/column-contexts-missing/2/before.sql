alter table databasechangelog drop column contexts;
