create schema books;
create schema other;
