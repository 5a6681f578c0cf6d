create table p (id int constraint uq unique);
