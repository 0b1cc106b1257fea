-- Spark writes a compacted file of the log beside its commits when asked to.
CREATE TABLE t (id INT) TBLPROPERTIES ('delta.enableDeletionVectors' = 'true');
-- only spark
SET spark.databricks.delta.deltaLog.minorCompaction.useForReads = true;
INSERT INTO t VALUES (1), (2);
INSERT INTO t VALUES (3), (4);
DELETE FROM t WHERE id = 1;
INSERT INTO t VALUES (5);
