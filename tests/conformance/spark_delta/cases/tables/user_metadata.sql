SET spark.databricks.delta.commitInfo.userMetadata = by me;
CREATE TABLE t (id INT);
INSERT INTO t VALUES (1);
