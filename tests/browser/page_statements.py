"""Statements the tests share, on the sample data that `tarn up` loads."""

COUNT_FLIGHTS = "SELECT count(*) FROM samples.nycflights.flights"
FLIGHT_COUNT = "336776"

# More pairs than any machine compares within a test.
ENDLESS = (
    "SELECT count(*) FROM samples.nycflights.flights a\n"
    "CROSS JOIN samples.nycflights.flights b\n"
    "WHERE a.dep_delay * b.arr_delay > a.distance + b.air_time"
)

ALL_FLIGHTS = "SELECT * FROM samples.nycflights.flights"

MISSPELLED = "SELECT carrier,\n  count(*) AS n\nFORM samples.nycflights.flights\nGROUP BY carrier"
