update databasechangelog set md5sum = null;
