CREATE TABLE t (id INT, at TIMESTAMP, part DATE) PARTITIONED BY (part) TBLPROPERTIES ('delta.checkpointInterval' = '2',
  'delta.checkpoint.writeStatsAsJson' = 'false', 'delta.checkpoint.writeStatsAsStruct' = 'true');
INSERT INTO t VALUES (1, TIMESTAMP'2024-01-01 00:00:00', DATE'2024-01-01');
INSERT INTO t VALUES (2, TIMESTAMP'2024-01-02 00:00:00', DATE'2024-01-02');
INSERT INTO t VALUES (3, NULL, NULL);
-- ask
SELECT id FROM t WHERE at < TIMESTAMP'2024-01-01 12:00:00';
