CREATE TABLE t (id INT, part INT) PARTITIONED BY (part);
INSERT INTO t VALUES (1, 1), (2, 2), (3, 3);
SET spark.sql.sources.partitionOverwriteMode = dynamic;
INSERT OVERWRITE t VALUES (4, 1), (5, 4);
INSERT OVERWRITE t PARTITION (part = 2) VALUES (6);
