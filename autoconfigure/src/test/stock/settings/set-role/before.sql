grant all on schema public to app_owner;
