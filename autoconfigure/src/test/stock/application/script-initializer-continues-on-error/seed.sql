insert into missing values (1)@@
insert into flags values ('; of the script')@@
