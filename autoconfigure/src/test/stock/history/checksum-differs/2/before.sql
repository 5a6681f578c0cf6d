update databasechangelog set md5sum = '9:' || md5('x') where id = '1';
