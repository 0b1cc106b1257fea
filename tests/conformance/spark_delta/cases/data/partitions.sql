CREATE TABLE t (id INT, name STRING, p STRING, d DATE, n INT) PARTITIONED BY (p, d, n);
INSERT INTO t VALUES (1, 'a', 'x/y', DATE'2024-01-01', 1), (2, 'b', 'ä=%', DATE'2024-01-01', NULL),
  (3, 'c', 'NULL', NULL, -1), (4, 'd', '', DATE'2024-01-02', 2), (5, 'e', NULL, DATE'0001-01-01', 0);
INSERT INTO t VALUES (6, 'f', 'x/y', DATE'2024-01-01', 1), (7, 'g', ' sp ace', DATE'2024-01-01', 1);
DELETE FROM t WHERE p = 'ä=%';
UPDATE t SET name = 'h', n = 9 WHERE id = 6;
-- ask
SELECT id FROM t WHERE p IS NULL;
-- ask
SELECT id FROM t WHERE d >= DATE'2024-01-01' AND n = 1;
