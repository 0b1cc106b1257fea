CREATE TABLE t (id INT) TBLPROPERTIES ('delta.appendOnly' = 'true');
INSERT INTO t VALUES (1), (2);
-- fails
DELETE FROM t WHERE id = 1;
-- fails
UPDATE t SET id = 3;
