CREATE TABLE t (id INT, pair STRUCT<a: INT>, part STRING) PARTITIONED BY (part)
  TBLPROPERTIES ('delta.checkpointInterval' = '3', 'delta.enableDeletionVectors' = 'true');
INSERT INTO t VALUES (1, named_struct('a', 1), 'x'), (2, NULL, 'y');
INSERT INTO t VALUES (3, named_struct('a', 3), NULL);
DELETE FROM t WHERE id = 1;
INSERT INTO t VALUES (4, named_struct('a', 4), 'x');
