CREATE TABLE t (id INT NOT NULL, pair STRUCT<a: INT NOT NULL, b: INT>);
INSERT INTO t VALUES (1, named_struct('a', 1, 'b', 2));
-- fails
INSERT INTO t VALUES (NULL, named_struct('a', 1, 'b', 2));
-- fails
UPDATE t SET id = NULL;
ALTER TABLE t ALTER COLUMN id DROP NOT NULL;
INSERT INTO t VALUES (NULL, named_struct('a', 2, 'b', NULL));
