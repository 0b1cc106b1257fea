CREATE TABLE t (id INT, a INT, b STRING);
INSERT INTO t SELECT CAST(id AS INT), CAST(id * 7 % 20 AS INT), concat('b', id % 5) FROM range(20);
INSERT INTO t SELECT CAST(id AS INT), CAST(id * 3 % 20 AS INT), concat('b', id % 3) FROM range(20, 40);
OPTIMIZE t ZORDER BY (a, b);
