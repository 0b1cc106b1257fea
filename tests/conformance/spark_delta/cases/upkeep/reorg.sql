CREATE TABLE t (id INT, name STRING) TBLPROPERTIES ('delta.enableDeletionVectors' = 'true');
INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c');
INSERT INTO t VALUES (4, 'd'), (5, 'e');
DELETE FROM t WHERE id = 2;
REORG TABLE t APPLY (PURGE);
