CREATE TABLE t (id INT, name STRING, part INT) PARTITIONED BY (part)
  TBLPROPERTIES ('delta.enableChangeDataFeed' = 'true', 'delta.enableDeletionVectors' = 'false');
INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 1), (3, 'c', 2), (4, 'd', 2), (5, 'e', 3);
UPDATE t SET name = upper(name) WHERE id IN (1, 3);
DELETE FROM t WHERE id = 2;
DELETE FROM t WHERE part = 3;
MERGE INTO t USING (SELECT 4 AS id, 'D' AS name, 2 AS part UNION ALL SELECT 6, 'F', 1) AS s ON t.id = s.id
  WHEN MATCHED THEN UPDATE SET * WHEN NOT MATCHED THEN INSERT * WHEN NOT MATCHED BY SOURCE AND t.id = 1 THEN DELETE;
INSERT OVERWRITE t VALUES (7, 'g', 1);
-- ask
SELECT id, name, part, _change_type, _commit_version FROM table_changes('t', 0);
-- ask
SELECT id, name, _change_type FROM table_changes('t', 2, 3) WHERE part < 3;
