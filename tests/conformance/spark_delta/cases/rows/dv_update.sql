CREATE TABLE t (id INT, name STRING, part INT) PARTITIONED BY (part) TBLPROPERTIES ('delta.enableDeletionVectors' = 'true');
INSERT INTO t SELECT CAST(id AS INT), concat('n', id), CAST(id % 3 AS INT) FROM range(12);
-- rows
UPDATE t SET name = upper(name) WHERE id > 8;
-- rows
UPDATE t SET part = part + 10, name = NULL WHERE part = 1 AND id < 5;
-- rows
UPDATE t SET id = id + 100;
-- rows
UPDATE t SET id = 0 WHERE false;
