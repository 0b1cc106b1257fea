CREATE TABLE t (id INT, name STRING, n INT) TBLPROPERTIES ('delta.enableDeletionVectors' = 'true');
INSERT INTO t SELECT CAST(id AS INT), concat('n', id), 0 FROM range(10);
-- rows
MERGE INTO t USING (SELECT CAST(id AS INT) AS id, concat('s', id) AS name FROM range(5, 15)) AS s ON t.id = s.id
  WHEN MATCHED AND s.id = 5 THEN DELETE
  WHEN MATCHED AND s.id < 8 THEN UPDATE SET name = s.name, n = t.n + 1
  WHEN NOT MATCHED AND s.id < 12 THEN INSERT (id, name) VALUES (s.id, s.name)
  WHEN NOT MATCHED THEN INSERT (id, n) VALUES (s.id, -1)
  WHEN NOT MATCHED BY SOURCE AND t.id < 2 THEN DELETE
  WHEN NOT MATCHED BY SOURCE AND t.id = 4 THEN UPDATE SET n = 44;
-- rows
MERGE INTO t USING (SELECT 100 AS id, 'x' AS name, 1 AS n) AS s ON t.id = s.id WHEN NOT MATCHED THEN INSERT *;
-- rows
MERGE INTO t USING (SELECT 100 AS id, 'y' AS name, 2 AS n) AS s ON t.id = s.id WHEN MATCHED THEN UPDATE SET *;
-- fails
MERGE INTO t USING (SELECT 100 AS id UNION ALL SELECT 100) AS s ON t.id = s.id WHEN MATCHED THEN UPDATE SET n = 3;
