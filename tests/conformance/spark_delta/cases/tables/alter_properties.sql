CREATE TABLE t (id INT) TBLPROPERTIES ('my.key' = 'a', 'other' = 'b');
ALTER TABLE t SET TBLPROPERTIES ('my.key' = 'c', 'delta.logRetentionDuration' = 'interval 10 days');
ALTER TABLE t UNSET TBLPROPERTIES ('other');
ALTER TABLE t SET TBLPROPERTIES ('delta.enableDeletionVectors' = 'true', 'delta.enableChangeDataFeed' = 'true');
INSERT INTO t VALUES (1), (2);
DELETE FROM t WHERE id = 1;
-- fails
ALTER TABLE t SET TBLPROPERTIES ('delta.noSuchProperty' = '1');
-- ask
SHOW TBLPROPERTIES t;
