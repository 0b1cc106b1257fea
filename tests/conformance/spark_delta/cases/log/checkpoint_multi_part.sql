CREATE TABLE t (id INT) TBLPROPERTIES ('delta.checkpointInterval' = '4');
-- only spark
SET spark.databricks.delta.checkpoint.partSize = 2;
INSERT INTO t VALUES (1);
INSERT INTO t VALUES (2);
INSERT INTO t VALUES (3);
INSERT INTO t VALUES (4);
INSERT INTO t VALUES (5);
