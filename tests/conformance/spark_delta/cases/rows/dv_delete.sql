CREATE TABLE t (id BIGINT, name STRING) TBLPROPERTIES ('delta.enableDeletionVectors' = 'true');
INSERT INTO t SELECT id, concat('n', id) FROM range(40);
INSERT INTO t SELECT id, concat('m', id) FROM range(40, 60);
-- rows
DELETE FROM t WHERE id % 7 = 0;
-- rows
DELETE FROM t WHERE id BETWEEN 3 AND 12;
-- rows
DELETE FROM t WHERE id >= 40;
-- rows
DELETE FROM t WHERE id = 1000;
-- ask
SELECT count(*), sum(id) FROM t WHERE name < 'n3';
