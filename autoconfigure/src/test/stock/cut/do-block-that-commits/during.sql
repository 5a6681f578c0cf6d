update account set balance = balance where id = 4;
