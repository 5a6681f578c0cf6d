alter role clerk login password 'secret';
