CREATE TABLE t (id INT, pair STRUCT<a: INT>, list ARRAY<STRUCT<x: INT>>);
INSERT INTO t VALUES (1, named_struct('a', 1), array(named_struct('x', 1)));
ALTER TABLE t ADD COLUMNS (name STRING COMMENT 'words', first DATE FIRST, pair.b STRING AFTER a, list.element.y INT);
INSERT INTO t VALUES (DATE'2024-01-01', 2, named_struct('a', 2, 'b', 'x'), array(named_struct('x', 2, 'y', 3)), 'n');
ALTER TABLE t ALTER COLUMN id COMMENT 'its number';
ALTER TABLE t ALTER COLUMN name FIRST;
ALTER TABLE t ALTER COLUMN pair.b FIRST;
COMMENT ON TABLE t IS 'of things';
INSERT INTO t (id) VALUES (3);
-- ask
DESCRIBE t;
