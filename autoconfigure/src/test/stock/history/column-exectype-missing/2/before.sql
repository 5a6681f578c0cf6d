alter table databasechangelog drop column exectype;
