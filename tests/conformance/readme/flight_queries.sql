SELECT count(*), count(dep_time), count(DISTINCT tailnum), min(time_hour), max(time_hour) FROM samples.nycflights.flights;

SELECT origin, month, count(*) AS flights, sum(distance) AS miles
FROM samples.nycflights.flights GROUP BY ROLLUP (origin, month) ORDER BY origin NULLS FIRST, month NULLS FIRST;

SELECT carrier, dest, rank() OVER (PARTITION BY carrier ORDER BY count(*) DESC) AS place, count(*) AS flights
FROM samples.nycflights.flights GROUP BY carrier, dest ORDER BY carrier, place, dest LIMIT 40;

WITH delays AS (SELECT carrier, month, avg(arr_delay) AS delay FROM samples.nycflights.flights GROUP BY carrier, month)
SELECT carrier, month, delay, delay - lag(delay) OVER (PARTITION BY carrier ORDER BY month) AS step
FROM delays ORDER BY carrier, month;

SELECT p.manufacturer, count(*) AS planes, min(p.year), max(p.seats)
FROM samples.nycflights.planes p
WHERE EXISTS (SELECT 1 FROM samples.nycflights.flights f WHERE f.tailnum = p.tailnum AND f.month = 12)
GROUP BY p.manufacturer HAVING count(*) > 5 ORDER BY planes DESC, p.manufacturer;

SELECT dest, count(*) AS flights FROM samples.nycflights.flights f
LEFT ANTI JOIN samples.nycflights.airports a ON f.dest = a.faa GROUP BY dest ORDER BY dest;

SELECT a.tzone, count(DISTINCT f.dest) AS airports, cast(avg(f.air_time) AS DECIMAL(10,2)) AS minutes
FROM samples.nycflights.flights f JOIN samples.nycflights.airports a ON f.dest = a.faa GROUP BY a.tzone ORDER BY a.tzone;

SELECT date_trunc('MONTH', time_hour) AS month, dayofweek(time_hour) AS day, count(*) AS flights
FROM samples.nycflights.flights GROUP BY 1, 2 ORDER BY 1, 2;

SELECT cast(time_hour AS DATE) AS day, sum(CASE WHEN dep_time IS NULL THEN 1 ELSE 0 END) AS cancelled
FROM samples.nycflights.flights GROUP BY 1 HAVING cancelled > 100 ORDER BY cancelled DESC, day;

SELECT faa, name, round(lat, 1) AS lat, upper(substring(name, 1, 3)) AS short, length(name) AS letters
FROM samples.nycflights.airports WHERE name LIKE '%Intl' AND alt BETWEEN 500 AND 1500 ORDER BY faa;

SELECT faa FROM samples.nycflights.airports WHERE tz = -5
INTERSECT SELECT dest FROM samples.nycflights.flights WHERE month = 6 ORDER BY faa;

SELECT faa FROM samples.nycflights.airports WHERE tz = -8 EXCEPT SELECT dest FROM samples.nycflights.flights ORDER BY faa;

SELECT origin, month, round(avg(temp), 2) AS temp, round(stddev_samp(temp), 4) AS spread, max(wind_gust) AS gust
FROM samples.nycflights.weather GROUP BY origin, month ORDER BY origin, month;

SELECT carrier, flight, dep_delay, dep_delay / 60 AS hours, dep_delay DIV 60 AS whole, dep_delay % 60 AS minutes
FROM samples.nycflights.flights WHERE dep_delay > 900 ORDER BY dep_delay DESC, carrier, flight;

SELECT carrier, percentile(dep_delay, 0.5) AS half, max_by(dest, dep_delay) AS worst
FROM samples.nycflights.flights WHERE month = 1 AND dep_delay > 0 GROUP BY carrier HAVING count(*) > 200 ORDER BY carrier;

SELECT name, coalesce(nullif(flights, 0), -1) AS flights FROM samples.nycflights.airlines
LEFT JOIN (SELECT carrier, count(*) AS flights FROM samples.nycflights.flights WHERE month = 2 GROUP BY carrier) USING (carrier)
ORDER BY name;

SELECT tailnum, year, engines, concat_ws(' ', manufacturer, model) AS plane, year IS NULL AS unknown
FROM samples.nycflights.planes WHERE engines > 2 OR speed IS NOT NULL ORDER BY tailnum;

SELECT hour, count(*) AS flights, round(avg(arr_delay - dep_delay), 2) AS lost
FROM samples.nycflights.flights WHERE origin = 'JFK' AND carrier IN ('B6', 'DL') GROUP BY hour ORDER BY hour
