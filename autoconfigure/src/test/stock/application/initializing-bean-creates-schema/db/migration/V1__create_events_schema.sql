create schema events;
