CREATE TABLE t (a INT, long STRING, n STRUCT<x: INT, y: STRING>, at TIMESTAMP, late INT)
  TBLPROPERTIES ('delta.dataSkippingNumIndexedCols' = '4', 'delta.enableDeletionVectors' = 'true');
INSERT INTO t VALUES (1, repeat('x', 40), named_struct('x', 1, 'y', NULL), TIMESTAMP'2024-01-01 00:00:00.123456', 1),
  (2, repeat('y', 10), NULL, NULL, 2);
INSERT INTO t VALUES (3, repeat('ü€', 20), named_struct('x', 3, 'y', 'z'), TIMESTAMP'2024-01-02 00:00:00', 3);
DELETE FROM t WHERE a = 2;
ALTER TABLE t SET TBLPROPERTIES ('delta.dataSkippingStatsColumns' = 'n.x,late');
INSERT INTO t VALUES (4, 'w', named_struct('x', 4, 'y', 'z'), NULL, 4);
-- ask
SELECT a FROM t WHERE long > 'x' AND n.x >= 1;
