drop index concurrently i;
