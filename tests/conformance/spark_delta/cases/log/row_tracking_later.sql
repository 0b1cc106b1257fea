CREATE TABLE t (id INT);
INSERT INTO t VALUES (1), (2);
ALTER TABLE t SET TBLPROPERTIES ('delta.enableRowTracking' = 'true');
INSERT INTO t VALUES (3);
-- ask
SELECT id, _metadata.row_id FROM t;
