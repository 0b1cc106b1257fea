-- tables: t u
CREATE TABLE t (id INT, part INT) PARTITIONED BY (part) TBLPROPERTIES ('delta.enableDeletionVectors' = 'true');
INSERT INTO t VALUES (1, 1), (2, 2), (3, 2);
DELETE FROM t WHERE id = 3;
CREATE TABLE u SHALLOW CLONE t;
INSERT INTO u VALUES (4, 1);
DELETE FROM u WHERE id = 2;
