create schema one;
create schema two;
create schema three;
