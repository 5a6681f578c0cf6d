select * from t1.orders;
