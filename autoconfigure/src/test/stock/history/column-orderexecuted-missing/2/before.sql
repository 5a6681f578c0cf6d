alter table databasechangelog drop column orderexecuted;
