-- parquet: t p
-- only spark
CREATE TABLE files (id INT, name STRING, part INT) USING parquet PARTITIONED BY (part) LOCATION '${folder}/p';
-- only spark
INSERT INTO files VALUES (1, 'a', 1), (2, 'b', 2), (3, NULL, 1);
CONVERT TO DELTA parquet.`${folder}/p` PARTITIONED BY (part INT);
CREATE TABLE t USING DELTA LOCATION '${folder}/p';
INSERT INTO t VALUES (4, 'd', 3);
