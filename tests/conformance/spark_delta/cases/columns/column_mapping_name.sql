CREATE TABLE t (id INT, name STRING, pair STRUCT<a: INT, b: STRING>, part INT) PARTITIONED BY (part)
  TBLPROPERTIES ('delta.columnMapping.mode' = 'name');
INSERT INTO t VALUES (1, 'a', named_struct('a', 1, 'b', 'x'), 1), (2, 'b', NULL, 2);
ALTER TABLE t RENAME COLUMN name TO `full name`;
ALTER TABLE t RENAME COLUMN pair.a TO c;
ALTER TABLE t RENAME COLUMN part TO piece;
INSERT INTO t VALUES (3, 'c', named_struct('c', 3, 'b', 'z'), 1);
ALTER TABLE t DROP COLUMN pair.b;
ALTER TABLE t ADD COLUMN name STRING;
INSERT INTO t (id, name, piece) VALUES (4, 'again', 2);
DELETE FROM t WHERE `full name` = 'a';
UPDATE t SET `full name` = 'B' WHERE piece = 2;
-- ask
SELECT id, `full name`, pair.c FROM t WHERE piece = 1;
