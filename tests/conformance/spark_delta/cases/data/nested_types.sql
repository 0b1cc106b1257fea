CREATE TABLE t (id INT, deep ARRAY<STRUCT<k: STRING, m: MAP<INT, ARRAY<STRUCT<d: DATE, x: DECIMAL(5,1)>>>>>,
  pairs MAP<DATE, STRUCT<b: STRING, c: BOOLEAN>>);
INSERT INTO t VALUES
  (1, array(named_struct('k', 'a', 'm', map(1, array(named_struct('d', DATE'2024-01-01', 'x', 1.5), NULL)))),
   map(DATE'2024-01-01', named_struct('b', 'x', 'c', true))),
  (2, array(), map()), (3, NULL, NULL), (4, array(NULL, named_struct('k', NULL, 'm', NULL)), map(DATE'2024-01-02', NULL));
-- ask
SELECT id, get(deep, 0).k, size(pairs) FROM t;
