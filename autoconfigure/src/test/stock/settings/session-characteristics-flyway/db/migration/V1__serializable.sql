set session characteristics as transaction isolation level serializable;
