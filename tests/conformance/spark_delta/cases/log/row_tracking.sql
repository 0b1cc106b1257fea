CREATE TABLE t (id INT, name STRING) TBLPROPERTIES ('delta.enableRowTracking' = 'true', 'delta.enableDeletionVectors' = 'true');
INSERT INTO t VALUES (1, 'a'), (2, 'b'), (3, 'c');
INSERT INTO t VALUES (4, 'd'), (5, 'e');
UPDATE t SET name = 'B' WHERE id = 2;
DELETE FROM t WHERE id = 1;
MERGE INTO t USING (SELECT 3 AS id, 'C' AS name UNION ALL SELECT 6, 'F') AS s ON t.id = s.id
  WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT *;
OPTIMIZE t;
-- ask
SELECT id, name, _metadata.row_id, _metadata.row_commit_version FROM t;
