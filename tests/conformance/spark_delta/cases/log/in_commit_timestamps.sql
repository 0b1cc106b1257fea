CREATE TABLE t (id INT) TBLPROPERTIES ('delta.enableInCommitTimestamps' = 'true');
INSERT INTO t VALUES (1);
DELETE FROM t WHERE id = 1;
