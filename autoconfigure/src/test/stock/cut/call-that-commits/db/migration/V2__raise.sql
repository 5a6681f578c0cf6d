call raise_all();
