CREATE TABLE t (id INT, list ARRAY<STRUCT<x: INT, y: INT>>, m MAP<STRING, STRUCT<z: INT>>)
  TBLPROPERTIES ('delta.columnMapping.mode' = 'id');
INSERT INTO t VALUES (1, array(named_struct('x', 1, 'y', 2)), map('k', named_struct('z', 3)));
ALTER TABLE t RENAME COLUMN id TO number;
ALTER TABLE t ADD COLUMNS (id STRING AFTER number);
INSERT INTO t VALUES (2, 'two', NULL, NULL);
ALTER TABLE t DROP COLUMN m;
INSERT INTO t VALUES (3, 'three', array());
