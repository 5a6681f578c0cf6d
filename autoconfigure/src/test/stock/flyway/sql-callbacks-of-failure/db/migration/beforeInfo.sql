insert into log (what) values ('beforeInfo');
