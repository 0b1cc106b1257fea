-- tables: t u v
CREATE TABLE t COMMENT 'of a query' PARTITIONED BY (part) TBLPROPERTIES ('a.key' = 'value')
  AS SELECT CAST(id AS INT) AS id, CAST(id % 2 AS INT) AS part FROM range(4);
CREATE OR REPLACE TABLE t AS SELECT 'new' AS name, DATE'2024-01-01' AS day;
CREATE TABLE u (id INT NOT NULL COMMENT 'its number', name STRING) COMMENT 'words' TBLPROPERTIES ('delta.appendOnly' = 'false');
INSERT INTO u VALUES (1, 'a');
CREATE OR REPLACE TABLE u (other STRING COMMENT 'instead');
CREATE TABLE v LIKE u;
