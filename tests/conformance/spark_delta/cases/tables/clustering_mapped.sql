CREATE TABLE t (id BIGINT, k INT) CLUSTER BY (k) TBLPROPERTIES ('delta.columnMapping.mode' = 'name');
INSERT INTO t VALUES (1, 1), (2, 2);
ALTER TABLE t RENAME COLUMN k TO `the key`;
INSERT INTO t VALUES (3, 3);
