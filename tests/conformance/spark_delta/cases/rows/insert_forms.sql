CREATE TABLE t (id INT, name STRING, part INT) PARTITIONED BY (part);
INSERT INTO t VALUES (1, 'a', 1), (2, 'b', 2);
INSERT INTO t (part, id) VALUES (1, 3);
INSERT INTO t BY NAME SELECT 'd' AS name, 3 AS part, 4 AS id;
INSERT OVERWRITE t VALUES (5, 'e', 1), (6, 'f', 2), (7, 'g', 3);
INSERT INTO t REPLACE WHERE part = 1 VALUES (8, 'h', 1);
INSERT INTO t PARTITION (part = 4) VALUES (9, 'i');
