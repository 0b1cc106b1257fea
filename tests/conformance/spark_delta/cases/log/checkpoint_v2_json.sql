CREATE TABLE t (id INT, name STRING) TBLPROPERTIES ('delta.checkpointPolicy' = 'v2', 'delta.checkpointInterval' = '3');
-- only spark
SET spark.databricks.delta.checkpointV2.topLevelFileFormat = json;
INSERT INTO t VALUES (1, 'a');
INSERT INTO t VALUES (2, 'b');
INSERT INTO t VALUES (3, 'c');
DELETE FROM t WHERE id = 2;
