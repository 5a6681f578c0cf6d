lock table databasechangelog in share mode;
