CREATE TABLE t (id INT);
INSERT INTO t VALUES (1);
ALTER TABLE t SET TBLPROPERTIES ('delta.enableInCommitTimestamps' = 'true');
INSERT INTO t VALUES (2);
