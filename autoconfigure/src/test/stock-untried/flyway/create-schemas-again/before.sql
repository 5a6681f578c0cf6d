create schema two;
