CREATE TABLE t (id INT) TBLPROPERTIES ('delta.enableDeletionVectors' = 'false');
INSERT INTO t VALUES (1), (2);
DELETE FROM t WHERE id = 1;
SET spark.databricks.delta.retentionDurationCheck.enabled = false;
VACUUM t RETAIN 0 HOURS;
INSERT INTO t VALUES (3);
