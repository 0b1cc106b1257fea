CREATE TABLE t (id INT) TBLPROPERTIES ('delta.enableRowTracking' = 'true');
INSERT INTO t VALUES (1), (2), (3);
INSERT INTO t VALUES (4);
-- ask
SELECT id, _metadata.row_id, _metadata.row_commit_version FROM t;
