CREATE TABLE t (id INT) TBLPROPERTIES ('delta.enableDeletionVectors' = 'true', 'delta.feature.checkConstraints' = 'supported');
INSERT INTO t VALUES (1), (2);
ALTER TABLE t DROP FEATURE checkConstraints;
INSERT INTO t VALUES (3);
