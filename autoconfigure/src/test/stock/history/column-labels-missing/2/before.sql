alter table databasechangelog drop column labels;
