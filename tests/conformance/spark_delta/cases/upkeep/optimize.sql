CREATE TABLE t (id INT, part INT) PARTITIONED BY (part) TBLPROPERTIES ('delta.enableDeletionVectors' = 'true');
INSERT INTO t VALUES (1, 1), (2, 2);
INSERT INTO t VALUES (3, 1), (4, 2);
INSERT INTO t VALUES (5, 1), (6, 3);
DELETE FROM t WHERE id = 3;
OPTIMIZE t WHERE part = 2;
OPTIMIZE t;
OPTIMIZE t;
