CREATE TABLE t (id INT, pair STRUCT<a: INT>);
INSERT INTO t VALUES (1, named_struct('a', 1));
SET spark.databricks.delta.schema.autoMerge.enabled = true;
INSERT INTO t BY NAME SELECT 2 AS id, named_struct('a', 2, 'b', 'x') AS pair, DATE'2024-01-01' AS day;
