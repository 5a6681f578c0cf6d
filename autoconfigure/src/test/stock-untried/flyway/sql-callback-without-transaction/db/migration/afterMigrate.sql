vacuum a;
