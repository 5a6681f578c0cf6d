update databasechangelog set md5sum = '8:' || md5('x');
