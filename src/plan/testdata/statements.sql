-- literals
SELECT 1, -1, 2147483647, 2147483648, -2147483648, 9223372036854775808
SELECT 1L, 1S, 1Y, 1.5, 1.5D, 1.5F, 1.5BD, 1e3, 1.50, 0.05, .5, 00.10
SELECT 'a', "b", NULL, true, false, X'1A2B', DATE '2024-01-02', TIMESTAMP '2024-01-02 03:04:05'
SELECT TIMESTAMP_NTZ '2024-01-02 03:04:05', INTERVAL 3 DAYS, INTERVAL 2 YEARS, INTERVAL '1' HOUR, INTERVAL 1 MONTH
SELECT INTERVAL 1 DAY 2 HOURS, INTERVAL '1-2' YEAR TO MONTH, INTERVAL '3 04:05:06' DAY TO SECOND, INTERVAL 90 MINUTE
SELECT 1.0e-2, 12345678901234567890, 1e400BD
SELECT 'it''s', 'a\nb'
SELECT DATE '2024-13-01'
-- names of expressions
SELECT a + 1 FROM t
SELECT a - 1 FROM t
SELECT a * 2 FROM t
SELECT a / 2 FROM t
SELECT a % 2 FROM t
SELECT a DIV 2 FROM t
SELECT -a FROM t
SELECT +a FROM t
SELECT t.a + b FROM t
SELECT t.a FROM t
SELECT b AS bb FROM t
SELECT (a + 1) * 2 FROM t
SELECT a + b * 2 FROM t
SELECT a = 1 FROM t
SELECT a <> 1 FROM t
SELECT a != 1 FROM t
SELECT a < 1 FROM t
SELECT a <= 1 FROM t
SELECT a > 1 FROM t
SELECT a >= 1 FROM t
SELECT a <=> 1 FROM t
SELECT a = 1 AND b = 2 OR NOT h FROM t
SELECT NOT h FROM t
SELECT NOT (a = 1) FROM t
SELECT h AND true FROM t
SELECT a IN (1, 2) FROM t
SELECT a NOT IN (1, 2) FROM t
SELECT a BETWEEN 1 AND 2 FROM t
SELECT a NOT BETWEEN 1 AND 2 FROM t
SELECT c LIKE 'x%' FROM t
SELECT c NOT LIKE 'x' FROM t
SELECT c RLIKE 'x' FROM t
SELECT c ILIKE 'X' FROM t
SELECT c LIKE 'a!%' ESCAPE '!' FROM t
SELECT c LIKE ANY ('a', 'b') FROM t
SELECT c LIKE ALL ('a', 'b') FROM t
SELECT c NOT LIKE ANY ('a', 'b') FROM t
SELECT c IS NULL FROM t
SELECT c IS NOT NULL FROM t
SELECT h IS TRUE FROM t
SELECT h IS NOT TRUE FROM t
SELECT h IS FALSE FROM t
SELECT h IS UNKNOWN FROM t
SELECT h IS NOT UNKNOWN FROM t
SELECT a IS DISTINCT FROM 1, a IS NOT DISTINCT FROM b FROM t
SELECT CASE WHEN a > 1 THEN 'x' ELSE 'y' END FROM t
SELECT CASE a WHEN 1 THEN 2 END FROM t
SELECT CASE WHEN h THEN 1 WHEN a = 2 THEN 2L END FROM t
SELECT CAST(a AS STRING) FROM t
SELECT CAST(a AS BIGINT) FROM t
SELECT a::string FROM t
SELECT TRY_CAST(c AS INT) FROM t
SELECT CAST(c AS DECIMAL(10, 2)) FROM t
SELECT CAST(1 AS INT) FROM t
SELECT c || 'x' FROM t
SELECT c || c || 'y' FROM t
SELECT a || c FROM t
SELECT a & 1 FROM t
SELECT a | 1 FROM t
SELECT a ^ 1 FROM t
SELECT ~a FROM t
SELECT a & b FROM t
SELECT a << 1 FROM t
SELECT a >> 1 FROM t
SELECT a >>> 1 FROM t
SELECT s.p FROM u
SELECT s.q FROM u
SELECT s.p + 1 FROM u
SELECT upper(s.q) FROM u
SELECT u.s.p FROM u
SELECT arr[0] FROM u
SELECT m['k'] FROM u
SELECT arr[a] FROM u
SELECT ss.p FROM u
SELECT ss[0].p FROM u
SELECT (s).p FROM u
SELECT struct(1, 'a').col1 FROM u
SELECT named_struct('x', 1).x FROM u
SELECT count(*) FROM t
SELECT count(1) FROM t
SELECT count(a) FROM t
SELECT count(DISTINCT c) FROM t
SELECT count(a, c) FROM t
SELECT count(DISTINCT a, c) FROM t
SELECT sum(a) FROM t
SELECT sum(b) FROM t
SELECT sum(d) FROM t
SELECT sum(e) FROM t
SELECT sum(i) FROM t
SELECT sum(j) FROM t
SELECT avg(a) FROM t
SELECT avg(e) FROM t
SELECT avg(d) FROM t
SELECT min(c) FROM t
SELECT max(f) FROM t
SELECT sum(DISTINCT a) FROM t
SELECT sum(a) FILTER (WHERE h) FROM t
SELECT count(*) FILTER (WHERE a > 1) FROM t
SELECT sum(a + 1) FROM t
SELECT sum(-a) FROM t
SELECT mean(a) FROM t
SELECT std(a) FROM t
SELECT stddev(a) FROM t
SELECT variance(a) FROM t
SELECT var_pop(a) FROM t
SELECT stddev_pop(a) FROM t
SELECT corr(a, b) FROM t
SELECT covar_pop(a, b) FROM t
SELECT median(a) FROM t
SELECT first(a) FROM t
SELECT last(c) FROM t
SELECT first_value(c) FROM t
SELECT last_value(c) FROM t
SELECT any_value(c) FROM t
SELECT first(a, true) FROM t
SELECT first(c) IGNORE NULLS FROM t
SELECT collect_list(a) FROM t
SELECT collect_set(c) FROM t
SELECT array_agg(a) FROM t
SELECT max_by(a, b) FROM t
SELECT min_by(c, a) FROM t
SELECT bool_and(h) FROM t
SELECT every(h) FROM t
SELECT some(h) FROM t
SELECT any(h) FROM t
SELECT count_if(h) FROM t
SELECT approx_count_distinct(a) FROM t
SELECT skewness(a) FROM t
SELECT kurtosis(a) FROM t
SELECT bit_and(a) FROM t
SELECT bit_or(b) FROM t
SELECT bit_xor(a) FROM t
SELECT mode(c) FROM t
SELECT percentile(a, 0.5) FROM t
SELECT percentile_approx(a, 0.5) FROM t
SELECT approx_percentile(d, 0.5) FROM t
SELECT percentile(d, array(0.25, 0.5)) FROM t
SELECT try_sum(a) FROM t
SELECT try_avg(e) FROM t
SELECT regr_count(a, b) FROM t
SELECT regr_slope(a, b) FROM t
SELECT string_agg(c, ',') FROM t
SELECT listagg(c) FROM t
SELECT row_number() OVER (ORDER BY a) FROM t
SELECT rank() OVER (PARTITION BY c ORDER BY a DESC) FROM t
SELECT dense_rank() OVER (ORDER BY a) FROM t
SELECT percent_rank() OVER (ORDER BY a) FROM t
SELECT cume_dist() OVER (ORDER BY a) FROM t
SELECT ntile(4) OVER (ORDER BY a) FROM t
SELECT lag(a) OVER (ORDER BY a) FROM t
SELECT lead(c, 2) OVER (ORDER BY a) FROM t
SELECT lag(c, 1, 'z') OVER (ORDER BY a) FROM t
SELECT nth_value(a, 2) OVER (ORDER BY a) FROM t
SELECT sum(a) OVER () FROM t
SELECT sum(a) OVER (PARTITION BY c) FROM t
SELECT sum(a) OVER (ORDER BY b ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t
SELECT avg(d) OVER (PARTITION BY c ORDER BY a RANGE BETWEEN UNBOUNDED PRECEDING AND 2 FOLLOWING) FROM t
SELECT sum(a) OVER w FROM t WINDOW w AS (PARTITION BY c ORDER BY a)
SELECT max(b) OVER (w ROWS UNBOUNDED PRECEDING) FROM t WINDOW w AS (PARTITION BY c ORDER BY a)
SELECT sum(sum(a)) OVER (ORDER BY c) FROM t GROUP BY c
SELECT first_value(c) OVER (ORDER BY a) FROM t
SELECT last_value(a) OVER (PARTITION BY c ORDER BY a) FROM t
SELECT count(*) OVER (PARTITION BY c) AS n FROM t
SELECT a FROM t
-- stars
SELECT * FROM t
SELECT t.*, u.x FROM t JOIN u ON t.a = u.a
SELECT * FROM t CROSS JOIN u
SELECT * EXCEPT (k, l, n) FROM t
SELECT s.* FROM u
SELECT count(*), t.a FROM t GROUP BY t.a
SELECT * FROM t WHERE 1 = 0 LIMIT 1
SELECT struct(*) FROM (SELECT 1 x, 2 y)
-- joins
SELECT t.a, u.a, u.x FROM t LEFT JOIN u ON t.a = u.a
SELECT t.a, u.y FROM t RIGHT JOIN u ON t.a = u.a
SELECT t.a, u.y FROM t FULL OUTER JOIN u ON t.a = u.a
SELECT a, x, c FROM t JOIN u USING (a)
SELECT * FROM (SELECT a, c FROM t) JOIN (SELECT a, x FROM u) USING (a)
SELECT * FROM (SELECT a, c FROM t) t FULL JOIN (SELECT a, x FROM u) u USING (a)
SELECT * FROM (SELECT a, c FROM t) t LEFT JOIN (SELECT a, x FROM u) u USING (a)
SELECT * FROM (SELECT a, c FROM t) t RIGHT JOIN (SELECT a, x FROM u) u USING (a)
SELECT * FROM (SELECT a, c FROM t) NATURAL JOIN (SELECT a, x FROM u)
SELECT t.a, u.a FROM t JOIN u USING (a)
SELECT a, c FROM t LEFT SEMI JOIN u ON t.a = u.a
SELECT a, c FROM t LEFT ANTI JOIN u USING (a)
SELECT a FROM t, u
SELECT t.a FROM t, u WHERE t.a = u.a
SELECT x.a FROM t AS x JOIN t AS y ON x.a = y.a
SELECT t.a FROM t AS x
SELECT a FROM t JOIN u ON t.a = u.nope
SELECT a FROM t JOIN u USING (c)
-- group by
SELECT c, count(*) FROM t GROUP BY c
SELECT c, a FROM t GROUP BY c
SELECT c, a + 1 FROM t GROUP BY c, a
SELECT c, a + 1 FROM t GROUP BY c, a + 1
SELECT a + 1 + 1 FROM t GROUP BY a + 1
SELECT upper(c) AS x, count(*) FROM t GROUP BY x
SELECT upper(c), count(*) FROM t GROUP BY 1
SELECT upper(c), count(*) FROM t GROUP BY 3
SELECT count(*), c FROM t GROUP BY 1
SELECT c, sum(a) FROM t GROUP BY ALL
SELECT c, sum(a) AS s FROM t GROUP BY c HAVING s > 1
SELECT c, sum(a) AS s FROM t GROUP BY c HAVING sum(a) > 1 AND max(b) > 2
SELECT c FROM t HAVING c > 1
SELECT c FROM t GROUP BY c HAVING a > 1
SELECT sum(a) FROM t HAVING sum(a) > 0
SELECT sum(a), c FROM t
SELECT sum(a) + c FROM t
SELECT a FROM t WHERE sum(a) > 1
SELECT a FROM t GROUP BY sum(a)
SELECT sum(sum(a)) FROM t
SELECT c, h, sum(a) FROM t GROUP BY ROLLUP(c, h)
SELECT c, h, sum(a), grouping(c), grouping_id(), grouping_id(c, h) FROM t GROUP BY CUBE(c, h)
SELECT a, sum(b) FROM t GROUP BY GROUPING SETS ((a), ())
SELECT a, c, sum(b) FROM t GROUP BY a, ROLLUP(c)
SELECT a, sum(b) FROM t GROUP BY a WITH ROLLUP
SELECT grouping(c) FROM t GROUP BY c
SELECT c, count(*) AS n FROM t GROUP BY c ORDER BY n DESC, c
SELECT c FROM t GROUP BY c ORDER BY count(*)
SELECT c FROM t GROUP BY c ORDER BY a
SELECT c AS k, sum(a) FROM t GROUP BY k
SELECT a AS c, count(*) FROM t GROUP BY c
SELECT c, first(a) FROM t GROUP BY c ORDER BY 2
SELECT 1 FROM t GROUP BY ()
SELECT CASE WHEN a > 1 THEN 'x' END AS z, count(*) FROM t GROUP BY CASE WHEN a > 1 THEN 'x' END
-- order by, limit, distinct
SELECT a FROM t ORDER BY b
SELECT a AS z FROM t ORDER BY z, a + 1
SELECT a FROM t ORDER BY 2
SELECT a FROM t ORDER BY 1 DESC NULLS LAST LIMIT 10 OFFSET 2
SELECT a, b FROM t ORDER BY ALL
SELECT DISTINCT c FROM t ORDER BY c
SELECT DISTINCT c FROM t ORDER BY a
SELECT a FROM t LIMIT -1
SELECT a FROM t LIMIT 'x'
SELECT a FROM t LIMIT a
SELECT a FROM t LIMIT 1 + 1
SELECT a FROM t ORDER BY nope
-- lateral column aliases
SELECT a + 1 AS x, x + 1 AS y FROM t
SELECT a AS b, b + 1 AS z FROM t
SELECT 1 AS one, one + 1 AS two, two * 2 AS four
SELECT sum(a) AS s, s + 1 AS s1 FROM t
SELECT 1 AS x, 2 AS x, x + 1
-- subqueries
SELECT (SELECT max(a) FROM t), (SELECT x FROM u WHERE u.a = t.a LIMIT 1) FROM t
SELECT (SELECT max(y) FROM u WHERE u.a = t.a) FROM t
SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE u.a = t.a)
SELECT a FROM t WHERE a IN (SELECT y FROM u) AND a NOT IN (SELECT a FROM u)
SELECT a IN (SELECT y FROM u) AS z, EXISTS (SELECT * FROM u) FROM t
SELECT (SELECT a, y FROM u) FROM t
SELECT a FROM t WHERE a IN (SELECT a, y FROM u)
SELECT a FROM t WHERE (a, a) IN (SELECT a, y FROM u)
SELECT a FROM t WHERE a IN (SELECT arr FROM u)
SELECT a FROM t WHERE a > (SELECT avg(y) FROM u)
SELECT * FROM (SELECT a, c FROM t WHERE a > 1) q WHERE q.c = 'x'
SELECT q.z FROM (SELECT a, c FROM t) q
SELECT q.k FROM (SELECT a AS k FROM t) AS q(j)
SELECT q.j FROM (SELECT a AS k FROM t) AS q(j)
SELECT * FROM (SELECT a AS k FROM t) AS q(j, i)
SELECT a, (SELECT sum(y) FROM u WHERE u.a > t.a) FROM t
-- ctes
WITH q AS (SELECT a, c FROM t) SELECT * FROM q
WITH q(x, y) AS (SELECT a, c FROM t) SELECT x, y FROM q WHERE x > 1
WITH q AS (SELECT 1 AS z), r AS (SELECT z + 1 AS w FROM q) SELECT q.z, r.w FROM q, r
WITH q AS (SELECT 1 AS z) SELECT * FROM q AS p JOIN q ON p.z = q.z
WITH q(x, y) AS (SELECT a FROM t) SELECT * FROM q
WITH t AS (SELECT 1 AS only) SELECT * FROM t
WITH q AS (WITH q AS (SELECT 1 a) SELECT * FROM q) SELECT * FROM q
-- set operations
SELECT a FROM t UNION ALL SELECT b FROM t
SELECT a FROM t UNION SELECT d FROM t
SELECT a, c FROM t UNION ALL SELECT a FROM t
SELECT a FROM t INTERSECT SELECT y FROM u
SELECT a FROM t EXCEPT SELECT a FROM u
SELECT e FROM t UNION ALL SELECT 1 UNION ALL SELECT 1.555
SELECT a FROM t UNION ALL SELECT c FROM t
SELECT f FROM t UNION ALL SELECT g FROM t
SELECT arr FROM u UNION ALL SELECT a FROM u
SELECT NULL AS z UNION ALL SELECT 1
SELECT a AS z FROM t UNION ALL SELECT a FROM u ORDER BY z
SELECT h FROM t UNION ALL SELECT a FROM t
SELECT a FROM t MINUS SELECT y FROM u
SELECT a FROM t INTERSECT ALL SELECT y FROM u
-- values, range, functions as tables
SELECT * FROM VALUES (1, 'a'), (2, NULL) AS v(x, y)
SELECT * FROM VALUES (1), (2.5)
VALUES (1, 2L), (3, 4)
SELECT * FROM VALUES (1, 2), (3)
SELECT * FROM VALUES (1), (array(1))
SELECT * FROM range(10)
SELECT id + 1 FROM range(1, 5, 2)
SELECT * FROM nosuchtvf(1)
SELECT col1 FROM VALUES ('x'), ('y')
TABLE t
-- names that do not exist
SELECT nope FROM t
SELECT aa FROM t
SELECT t.nope FROM t
SELECT x.a FROM t
SELECT nope
SELECT s.nope FROM u
SELECT a.b FROM t
SELECT a FROM nosuch
SELECT * FROM nosuch.t
SELECT q.* FROM t
SELECT nosuch(a) FROM t
SELECT nosuch.f(a) FROM t
SELECT upper() FROM t
SELECT upper(c, c) FROM t
SELECT substring(c) FROM t
SELECT count() FROM t
SELECT sum(a, b) FROM t
SELECT row_number() FROM t
SELECT rank() OVER () FROM t
SELECT upper(c) OVER () FROM t
SELECT sum(a) OVER w FROM t
SELECT upper(DISTINCT c) FROM t
SELECT upper(*) FROM t
SELECT a FROM t WHERE row_number() OVER (ORDER BY a) = 1
SELECT * FROM t WHERE a
SELECT * FROM t WHERE c
SELECT * FROM t WHERE NULL
SELECT a FROM t GROUP BY a HAVING a
-- type mismatches
SELECT a + true FROM t
SELECT c + 1 FROM t
SELECT c * 2.5 FROM t
SELECT c / 2 FROM t
SELECT c - c FROM t
SELECT 1 + '2' FROM t
SELECT h + h FROM t
SELECT a AND h FROM t
SELECT NOT a FROM t
SELECT -c FROM t
SELECT -h FROM t
SELECT arr + 1 FROM u
SELECT f + 1 FROM t
SELECT f - 1 FROM t
SELECT 1 + f FROM t
SELECT f - f FROM t
SELECT g - g FROM t
SELECT f + INTERVAL 1 DAY FROM t
SELECT f + INTERVAL 1 MONTH FROM t
SELECT f + INTERVAL 1 HOUR FROM t
SELECT g + INTERVAL 1 DAY FROM t
SELECT g - INTERVAL 1 YEAR FROM t
SELECT f - g FROM t
SELECT g - f FROM t
SELECT n - g FROM t
SELECT INTERVAL 1 DAY + f FROM t
SELECT f + 1.5 FROM t
SELECT f + b FROM t
SELECT g + 1 FROM t
SELECT f * 2 FROM t
SELECT INTERVAL 1 DAY * 2
SELECT INTERVAL 1 MONTH / 2
SELECT INTERVAL 1 DAY + INTERVAL 1 HOUR
SELECT INTERVAL 1 YEAR - INTERVAL 1 MONTH
SELECT -INTERVAL 1 DAY
SELECT INTERVAL 1 DAY + INTERVAL 1 MONTH
SELECT a = c FROM t
SELECT b = c FROM t
SELECT d = c FROM t
SELECT e = c FROM t
SELECT f = c FROM t
SELECT g = c FROM t
SELECT h = c FROM t
SELECT k = c FROM t
SELECT a = h FROM t
SELECT f = a FROM t
SELECT f = g FROM t
SELECT f < n FROM t
SELECT g > n FROM t
SELECT arr = arr FROM u
SELECT s = s FROM u
SELECT arr < arr FROM u
SELECT m = m FROM u
SELECT arr = a FROM u
SELECT a IN (1, 2.5) FROM t
SELECT a IN ('1', '2') FROM t
SELECT c IN (1, 2) FROM t
SELECT e IN (1, 2.555) FROM t
SELECT f IN ('2024-01-01') FROM t
SELECT a IN (array(1)) FROM t
SELECT a BETWEEN '1' AND 2.5 FROM t
SELECT f BETWEEN '2024-01-01' AND g FROM t
SELECT CASE WHEN h THEN 1 ELSE 'x' END FROM t
SELECT CASE WHEN h THEN a ELSE e END FROM t
SELECT CASE WHEN h THEN f ELSE g END FROM t
SELECT CASE WHEN h THEN NULL ELSE 1 END FROM t
SELECT CASE WHEN h THEN 1 ELSE array(1) END FROM t
SELECT CASE WHEN a THEN 1 END FROM t
SELECT coalesce(a, b) FROM t
SELECT coalesce(a, c) FROM t
SELECT coalesce(NULL, 1) FROM t
SELECT coalesce(c, 'x') FROM t
SELECT coalesce(f, g) FROM t
SELECT coalesce(e, 1.555) FROM t
SELECT coalesce(a, d) FROM t
SELECT coalesce(a, arr) FROM u
SELECT coalesce() FROM t
SELECT if(h, a, e) FROM t
SELECT if(h, 1, 'x') FROM t
SELECT nvl(a, b) FROM t
SELECT nvl(c, 'x') FROM t
SELECT ifnull(b, 1) FROM t
SELECT nullif(a, 1) FROM t
SELECT nullif(c, 'x') FROM t
SELECT nvl2(c, a, b) FROM t
SELECT if(NULL, 1, 2) FROM t
SELECT if(a, 1, 2) FROM t
SELECT CAST(f AS INT) FROM t
SELECT CAST(h AS DATE) FROM t
SELECT CAST(a AS DATE) FROM t
SELECT CAST(a AS TIMESTAMP) FROM t
SELECT CAST(g AS BIGINT) FROM t
SELECT CAST(d AS INT) FROM t
SELECT CAST(h AS INT) FROM t
SELECT CAST(a AS BOOLEAN) FROM t
SELECT CAST(k AS STRING) FROM t
SELECT CAST(c AS BINARY) FROM t
SELECT CAST(a AS BINARY) FROM t
SELECT CAST(d AS BINARY) FROM t
SELECT CAST(arr AS STRING) FROM u
SELECT CAST(arr AS ARRAY<BIGINT>) FROM u
SELECT CAST(s AS STRING) FROM u
SELECT CAST(s AS STRUCT<x: BIGINT, y: STRING>) FROM u
SELECT CAST(arr AS INT) FROM u
SELECT CAST(g AS DATE) FROM t
SELECT CAST(f AS TIMESTAMP) FROM t
SELECT CAST(c AS TIMESTAMP) FROM t
SELECT CAST(g AS TIMESTAMP_NTZ) FROM t
SELECT CAST(c AS DATE) FROM t
SELECT CAST(c AS INTERVAL DAY) FROM t
SELECT CAST(a AS DECIMAL(38, 10)) FROM t
SELECT CAST(c AS CHAR(3)) FROM t
SELECT CAST(c AS VARCHAR(3)) FROM t
SELECT CAST(a AS nosuchtype) FROM t
SELECT try_cast(d AS INT) FROM t
SELECT try_cast(a AS BIGINT) FROM t
SELECT try_cast(1 AS STRING) FROM t
-- arithmetic types
SELECT a + a FROM t
SELECT a + b FROM t
SELECT a + d FROM t
SELECT a + e FROM t
SELECT a + i FROM t
SELECT i + i FROM t
SELECT l + i FROM t
SELECT j + a FROM t
SELECT j + j FROM t
SELECT j + b FROM t
SELECT l + l FROM t
SELECT a + j FROM t
SELECT a / a FROM t
SELECT b / b FROM t
SELECT d / a FROM t
SELECT e / a FROM t
SELECT e / e FROM t
SELECT i / l FROM t
SELECT j / j FROM t
SELECT a / 2.5 FROM t
SELECT e / 2.5 FROM t
SELECT a % i FROM t
SELECT b % a FROM t
SELECT d % a FROM t
SELECT e % 3 FROM t
SELECT e % a FROM t
SELECT a DIV b FROM t
SELECT i DIV l FROM t
SELECT e DIV 2 FROM t
SELECT d DIV 2 FROM t
SELECT e + 1 FROM t
SELECT e + a FROM t
SELECT e + b FROM t
SELECT e + 1.5 FROM t
SELECT e - e FROM t
SELECT e * e FROM t
SELECT e * 2 FROM t
SELECT e * a FROM t
SELECT e + d FROM t
SELECT e * 1.5 FROM t
SELECT e + 1L FROM t
SELECT e - 1S FROM t
SELECT CAST(1 AS DECIMAL(38, 10)) * CAST(1 AS DECIMAL(38, 10))
SELECT CAST(1 AS DECIMAL(38, 0)) + CAST(1 AS DECIMAL(38, 18))
SELECT CAST(1 AS DECIMAL(38, 18)) / CAST(1 AS DECIMAL(38, 18))
SELECT 1 + 1.5
SELECT 1 / 3
SELECT 1.0 / 3
SELECT 2 * 1.55
SELECT 10 % 3.3
SELECT 1L + 1.5
SELECT 100 * 0.01
SELECT 1.5 + 1e0
SELECT 1 - 0.5
SELECT NULL + 1
SELECT NULL = 1
SELECT NULL AND true
SELECT NOT NULL
SELECT NULL || 'x'
SELECT -NULL
SELECT NULL + NULL
SELECT NULL / 2
SELECT sum(NULL)
SELECT max(NULL)
SELECT count(NULL)
SELECT avg(NULL)
SELECT abs(a) FROM t
SELECT abs(e) FROM t
SELECT abs(d) FROM t
SELECT abs(i) FROM t
SELECT sign(a) FROM t
SELECT sign(e) FROM t
SELECT negative(a) FROM t
SELECT positive(d) FROM t
SELECT ceil(d) FROM t
SELECT ceil(a) FROM t
SELECT ceil(e) FROM t
SELECT floor(e) FROM t
SELECT floor(d) FROM t
SELECT ceiling(e) FROM t
SELECT ceil(2.5) FROM t
SELECT floor(-2.5) FROM t
SELECT ceil(d, 1) FROM t
SELECT floor(e, 1) FROM t
SELECT round(d) FROM t
SELECT round(d, 2) FROM t
SELECT round(a) FROM t
SELECT round(e) FROM t
SELECT round(e, 1) FROM t
SELECT round(2.55, 1) FROM t
SELECT bround(e, 1) FROM t
SELECT round(i) FROM t
SELECT round(e, -1) FROM t
SELECT bround(d) FROM t
SELECT sqrt(a) FROM t
SELECT cbrt(a) FROM t
SELECT exp(d) FROM t
SELECT ln(d) FROM t
SELECT log10(a) FROM t
SELECT log2(d) FROM t
SELECT log(d) FROM t
SELECT log(2, d) FROM t
SELECT log1p(d) FROM t
SELECT expm1(d) FROM t
SELECT pow(a, 2) FROM t
SELECT power(d, 0.5) FROM t
SELECT sin(d) FROM t
SELECT cos(a) FROM t
SELECT tan(d) FROM t
SELECT asin(d) FROM t
SELECT acos(d) FROM t
SELECT atan(d) FROM t
SELECT atan2(d, a) FROM t
SELECT sinh(d) FROM t
SELECT cosh(d) FROM t
SELECT tanh(d) FROM t
SELECT cot(d) FROM t
SELECT sec(d) FROM t
SELECT csc(d) FROM t
SELECT degrees(d) FROM t
SELECT radians(d) FROM t
SELECT hypot(a, d) FROM t
SELECT pi() FROM t
SELECT e() FROM t
SELECT rand() FROM t
SELECT rand(1) FROM t
SELECT randn() FROM t
SELECT uuid() FROM t
SELECT factorial(5) FROM t
SELECT greatest(a, b) FROM t
SELECT least(a, e) FROM t
SELECT greatest(c, 'x') FROM t
SELECT least(1, NULL) FROM t
SELECT mod(a, 2) FROM t
SELECT pmod(a, 3) FROM t
SELECT pmod(e, 3) FROM t
SELECT isnan(d) FROM t
SELECT nanvl(d, 1.0) FROM t
SELECT bin(a) FROM t
SELECT hex(a) FROM t
SELECT hex(c) FROM t
SELECT unhex(c) FROM t
SELECT conv(c, 16, 10) FROM t
SELECT rint(d) FROM t
SELECT width_bucket(d, 0, 10, 5) FROM t
SELECT try_add(a, 1) FROM t
SELECT try_subtract(b, a) FROM t
SELECT try_multiply(a, a) FROM t
SELECT try_divide(a, 0) FROM t
SELECT try_mod(a, 0) FROM t
SELECT try_divide(e, 2) FROM t
SELECT shiftleft(a, 1) FROM t
SELECT shiftright(b, 1) FROM t
SELECT shiftrightunsigned(a, 1) FROM t
SELECT bit_count(a) FROM t
SELECT bit_get(a, 0) FROM t
SELECT getbit(b, 1) FROM t
SELECT greatest(a) FROM t
SELECT sqrt(h) FROM t
SELECT abs(h) FROM t
SELECT round(c) FROM t
SELECT sqrt(c) FROM t
SELECT abs(c) FROM t
-- string functions
SELECT upper(c) FROM t
SELECT lower(c) FROM t
SELECT ucase(c) FROM t
SELECT lcase(c) FROM t
SELECT length(c) FROM t
SELECT char_length(c) FROM t
SELECT len(c) FROM t
SELECT bit_length(c) FROM t
SELECT octet_length(c) FROM t
SELECT upper(a) FROM t
SELECT trim(c) FROM t
SELECT ltrim(c) FROM t
SELECT rtrim(c) FROM t
SELECT btrim(c) FROM t
SELECT trim(BOTH 'x' FROM c) FROM t
SELECT trim(LEADING 'x' FROM c) FROM t
SELECT trim('x' FROM c) FROM t
SELECT btrim(c, 'x') FROM t
SELECT trim(TRAILING FROM c) FROM t
SELECT substring(c, 1, 2) FROM t
SELECT substr(c, 2) FROM t
SELECT substring(c FROM 2 FOR 3) FROM t
SELECT left(c, 2) FROM t
SELECT right(c, 2) FROM t
SELECT split_part(c, ',', 1) FROM t
SELECT substring_index(c, '.', 2) FROM t
SELECT position('a' IN c) FROM t
SELECT concat(c, 'x') FROM t, (SELECT array(1) AS arr)
SELECT concat('a', 1, true) FROM t, (SELECT array(1) AS arr)
SELECT concat() FROM t, (SELECT array(1) AS arr)
SELECT concat_ws(',', c, 'x') FROM t, (SELECT array(1) AS arr)
SELECT concat_ws(',', array('a')) FROM t, (SELECT array(1) AS arr)
SELECT concat(arr, arr) FROM t, (SELECT array(1) AS arr)
SELECT replace(c, 'a', 'b') FROM t
SELECT replace(c, 'a') FROM t
SELECT translate(c, 'ab', 'cd') FROM t
SELECT lpad(c, 5, 'x') FROM t
SELECT rpad(c, 5) FROM t
SELECT repeat(c, 2) FROM t
SELECT reverse(c) FROM t
SELECT space(2) FROM t
SELECT initcap(c) FROM t
SELECT ascii(c) FROM t
SELECT chr(65) FROM t
SELECT char(65) FROM t
SELECT instr(c, 'a') FROM t
SELECT locate('a', c) FROM t
SELECT locate('a', c, 2) FROM t
SELECT position('a', c) FROM t
SELECT charindex('a', c) FROM t
SELECT contains(c, 'a') FROM t
SELECT startswith(c, 'a') FROM t
SELECT endswith(c, 'a') FROM t
SELECT levenshtein(c, 'a') FROM t
SELECT soundex(c) FROM t
SELECT regexp_replace(c, 'a', 'b') FROM t
SELECT regexp_extract(c, '(a)', 1) FROM t
SELECT regexp_extract(c, '(a)') FROM t
SELECT regexp_like(c, 'a') FROM t
SELECT regexp_count(c, 'a') FROM t
SELECT regexp_extract_all(c, '(a)') FROM t
SELECT regexp_substr(c, 'a') FROM t
SELECT regexp_instr(c, 'a') FROM t
SELECT split(c, ',') FROM t
SELECT split(c, ',', 2) FROM t
SELECT md5(c) FROM t
SELECT sha(c) FROM t
SELECT sha1(c) FROM t
SELECT sha2(c, 256) FROM t
SELECT crc32(c) FROM t
SELECT hash(a, c) FROM t
SELECT xxhash64(a) FROM t
SELECT base64(k) FROM t
SELECT unbase64(c) FROM t
SELECT encode(c, 'utf-8') FROM t
SELECT decode(k, 'utf-8') FROM t
SELECT md5(k) FROM t
SELECT format_number(d, 2) FROM t
SELECT format_string('%d', a) FROM t
SELECT printf('%d', a) FROM t
SELECT overlay(c PLACING 'x' FROM 1) FROM t
SELECT overlay(c, 'x', 1, 2) FROM t
SELECT elt(1, 'a', 'b') FROM t
SELECT find_in_set('a', c) FROM t
SELECT to_number('12', '99') FROM t
SELECT to_char(a, '999') FROM t
SELECT parse_url(c, 'HOST') FROM t
SELECT url_encode(c) FROM t
SELECT url_decode(c) FROM t
SELECT substring(c, 'x') FROM t
SELECT length(arr) FROM u
SELECT upper(arr) FROM u
SELECT length(k) FROM t
SELECT substring(k, 1, 2) FROM t
SELECT lower(f) FROM t
SELECT luhn_check(c) FROM t
SELECT mask(c) FROM t
SELECT isnull(c) FROM t
SELECT isnotnull(c) FROM t
SELECT equal_null(a, b) FROM t
SELECT typeof(a) FROM t
SELECT nullifzero(a) FROM t
SELECT zeroifnull(a) FROM t
-- date and time
SELECT year(f) FROM t
SELECT month(f) FROM t
SELECT day(f) FROM t
SELECT dayofmonth(f) FROM t
SELECT dayofweek(f) FROM t
SELECT dayofyear(f) FROM t
SELECT weekday(f) FROM t
SELECT weekofyear(f) FROM t
SELECT quarter(f) FROM t
SELECT hour(g) FROM t
SELECT minute(g) FROM t
SELECT second(g) FROM t
SELECT year(g) FROM t
SELECT year(c) FROM t
SELECT date_add(f, 1) FROM t
SELECT date_sub(f, 1) FROM t
SELECT dateadd(f, 1) FROM t
SELECT datediff(f, f) FROM t
SELECT date_diff(f, f) FROM t
SELECT add_months(f, 1) FROM t
SELECT months_between(f, f) FROM t
SELECT last_day(f) FROM t
SELECT next_day(f, 'MON') FROM t
SELECT trunc(f, 'MM') FROM t
SELECT date_trunc('month', g) FROM t
SELECT date_trunc('month', f) FROM t
SELECT current_date()
SELECT current_timestamp()
SELECT now()
SELECT current_timezone()
SELECT localtimestamp()
SELECT current_date
SELECT current_timestamp
SELECT current_user()
SELECT current_catalog()
SELECT current_schema()
SELECT current_database()
SELECT user()
SELECT session_user()
SELECT version()
SELECT to_date(c) FROM t
SELECT to_date(c, 'yyyy') FROM t
SELECT to_timestamp(c) FROM t
SELECT to_timestamp(c, 'yyyy') FROM t
SELECT date(c) FROM t
SELECT date_format(g, 'yyyy') FROM t
SELECT unix_timestamp(g) FROM t
SELECT unix_timestamp() FROM t
SELECT unix_timestamp(c, 'yyyy') FROM t
SELECT from_unixtime(b) FROM t
SELECT to_unix_timestamp(g) FROM t
SELECT timestamp(c) FROM t
SELECT make_date(2024, 1, 2) FROM t
SELECT make_timestamp(2024, 1, 2, 3, 4, 5) FROM t
SELECT make_interval(1) FROM t
SELECT make_dt_interval(1) FROM t
SELECT make_ym_interval(1) FROM t
SELECT date_from_unix_date(1) FROM t
SELECT unix_date(f) FROM t
SELECT unix_seconds(g) FROM t
SELECT unix_millis(g) FROM t
SELECT unix_micros(g) FROM t
SELECT timestamp_seconds(1) FROM t
SELECT timestamp_millis(b) FROM t
SELECT timestamp_micros(b) FROM t
SELECT extract(YEAR FROM f) FROM t
SELECT extract(SECOND FROM g) FROM t
SELECT extract(DOW FROM f) FROM t
SELECT date_part('month', f) FROM t
SELECT date_part('second', g) FROM t
SELECT extract(HOUR FROM g) FROM t
SELECT extract(DAY FROM INTERVAL 3 DAYS) FROM t
SELECT from_utc_timestamp(g, 'UTC') FROM t
SELECT to_utc_timestamp(g, 'UTC') FROM t
SELECT convert_timezone('UTC', n) FROM t
SELECT to_timestamp_ntz(c) FROM t
SELECT to_timestamp_ltz(c) FROM t
SELECT dayname(f) FROM t
SELECT monthname(f) FROM t
SELECT timestampadd(HOUR, 1, g) FROM t
SELECT timestampdiff(DAY, g, g) FROM t
SELECT date_add(f, 'x') FROM t
SELECT try_to_timestamp(c) FROM t
SELECT try_to_date(c) FROM t
SELECT extract(NOPE FROM f) FROM t
SELECT year(a) FROM t
SELECT date_add(a, 1) FROM t
SELECT date_add(f, b) FROM t
SELECT date_add(f, 1.5) FROM t
-- collections
SELECT array(1, 2) FROM t
SELECT array(1, NULL) FROM t
SELECT array() FROM t
SELECT array(1, 2.5) FROM t
SELECT array(1, 'a') FROM t
SELECT array(a, b) FROM t
SELECT array(1, array(1))
SELECT map('a', 1) FROM u
SELECT map(1, 'x', 2, NULL) FROM u
SELECT map() FROM u
SELECT map_from_arrays(array('a'), array(1)) FROM u
SELECT map_keys(m) FROM u
SELECT map_values(m) FROM u
SELECT map_entries(m) FROM u
SELECT map_concat(m, m) FROM u
SELECT map_contains_key(m, 'a') FROM u
SELECT map(1, 'x', 'a', 2)
SELECT map(1)
SELECT struct(a, c) FROM t
SELECT struct(a AS x, 1) FROM t
SELECT named_struct('a', 1, 'b', c) FROM t
SELECT struct(a + 1) FROM t
SELECT named_struct('a') FROM t
SELECT size(arr) FROM u
SELECT cardinality(arr) FROM u
SELECT size(m) FROM u
SELECT array_size(arr) FROM u
SELECT element_at(arr, 1) FROM u
SELECT element_at(m, 'a') FROM u
SELECT try_element_at(arr, 1) FROM u
SELECT get(arr, 0) FROM u
SELECT array_contains(arr, 1) FROM u
SELECT array_distinct(arr) FROM u
SELECT array_max(arr) FROM u
SELECT array_min(arr) FROM u
SELECT array_position(arr, 1) FROM u
SELECT array_remove(arr, 1) FROM u
SELECT array_sort(arr) FROM u
SELECT sort_array(arr) FROM u
SELECT sort_array(arr, false) FROM u
SELECT array_union(arr, arr) FROM u
SELECT array_intersect(arr, arr) FROM u
SELECT array_except(arr, arr) FROM u
SELECT arrays_overlap(arr, arr) FROM u
SELECT array_join(array('a'), ',') FROM u
SELECT array_repeat(1, 2) FROM u
SELECT array_append(arr, 1) FROM u
SELECT array_prepend(arr, 1) FROM u
SELECT array_compact(arr) FROM u
SELECT array_insert(arr, 1, 2) FROM u
SELECT slice(arr, 1, 2) FROM u, (SELECT DATE'2024-01-01' AS f)
SELECT flatten(array(arr)) FROM u, (SELECT DATE'2024-01-01' AS f)
SELECT reverse(arr) FROM u, (SELECT DATE'2024-01-01' AS f)
SELECT sequence(1, 5) FROM u, (SELECT DATE'2024-01-01' AS f)
SELECT sequence(f, f) FROM u, (SELECT DATE'2024-01-01' AS f)
SELECT shuffle(arr) FROM u, (SELECT DATE'2024-01-01' AS f)
SELECT arrays_zip(arr, arr) FROM u, (SELECT DATE'2024-01-01' AS f)
SELECT concat(arr, arr) FROM u, (SELECT DATE'2024-01-01' AS f)
SELECT explode(arr) FROM u
SELECT explode(arr) AS z FROM u
SELECT a FROM u
SELECT posexplode(arr) FROM u
SELECT explode(m) FROM u
SELECT transform(arr, v -> v + 1) FROM u
SELECT filter(arr, v -> v > 1) FROM u
SELECT exists(arr, v -> v = 1) FROM u
SELECT aggregate(arr, 0, (acc, v) -> acc + v) FROM u
SELECT forall(arr, v -> v > 0) FROM u
SELECT transform(arr, (v, i) -> v * i) FROM u
SELECT reduce(arr, 0, (acc, v) -> acc + v, acc -> acc * 2) FROM u
SELECT array_contains(arr, 'x') FROM u
SELECT array_contains(arr, 2.5) FROM u
SELECT array_contains(a, 1) FROM u
SELECT arr['x'] FROM u
SELECT a[0] FROM u
SELECT size(a) FROM u
SELECT from_json(c, 'a INT, b STRING') FROM t
SELECT to_json(struct(a)) FROM t
SELECT get_json_object(c, '$.a') FROM t
SELECT json_array_length(c) FROM t
SELECT schema_of_json('{"a":1}') FROM t
SELECT m.k FROM u
SELECT m['k'] + 1 FROM u
-- misc
SELECT a FROM t TABLESAMPLE (10 ROWS)
SELECT monotonically_increasing_id(), spark_partition_id(), input_file_name() FROM t
SELECT assert_true(h), raise_error('x'), bit_length(k) FROM t
SELECT stack(2, 1, 2)
SELECT a AS `my col`, `a`, t.`a` FROM t
SELECT A, C FROM T
SELECT a a, a a FROM t
SELECT x FROM (SELECT 1 AS x, 2 AS x)
SELECT * FROM (SELECT 1 AS x, 2 AS X)
SELECT a FROM t QUALIFY row_number() OVER (ORDER BY a) = 1
SELECT 1 WHERE true
SELECT DISTINCT a, count(*) OVER () FROM t
SELECT max(struct(a, b)), min((a, b)) FROM t
SELECT (a, b) = (1, 2), (1, 'x') FROM t
SELECT * FROM t PIVOT (sum(a) FOR c IN ('x', 'y'))
SELECT * FROM t, LATERAL (SELECT t.a + 1 AS z) LIMIT 1
SELECT * FROM u LATERAL VIEW explode(arr) AS z
SELECT :p, ? 
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a), percentile_disc(0.5) WITHIN GROUP (ORDER BY a DESC), mode() WITHIN GROUP (ORDER BY c) FROM t
SELECT count(DISTINCT a) FILTER (WHERE h), count(t.*), count(DISTINCT *) FROM t
SELECT grouping_id(a) FROM t
SELECT a FROM t UNION SELECT a FROM u ORDER BY c
SELECT a + (SELECT 1), -(1), - -1, (((a))) FROM t
SELECT c = 'x' AND a > 1 AS b1, c COLLATE UTF8_BINARY FROM t
