CREATE TABLE t (id INT, v VARIANT);
INSERT INTO t SELECT 1, parse_json('{"a": 1, "b": ["x", null, true]}');
INSERT INTO t VALUES (2, parse_json('12.5')), (3, NULL);
-- ask
SELECT id, v:a::int FROM t;
