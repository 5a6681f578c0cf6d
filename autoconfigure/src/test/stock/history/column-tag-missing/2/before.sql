alter table databasechangelog drop column tag;
