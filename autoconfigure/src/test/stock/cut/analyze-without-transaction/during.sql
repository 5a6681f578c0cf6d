lock table existing in share update exclusive mode;
