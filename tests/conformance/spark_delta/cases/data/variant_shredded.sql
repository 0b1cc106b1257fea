CREATE TABLE t (id BIGINT, v VARIANT) TBLPROPERTIES ('delta.enableVariantShredding' = 'true');
INSERT INTO t SELECT id, parse_json('{"a":' || id || ',"b":"s' || id || '"}') FROM range(20);
-- ask
SELECT sum(v:a::int) FROM t WHERE v:b::string > 's3';
