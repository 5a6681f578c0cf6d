create schema mine;
