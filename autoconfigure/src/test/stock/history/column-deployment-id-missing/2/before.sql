alter table databasechangelog drop column deployment_id;
