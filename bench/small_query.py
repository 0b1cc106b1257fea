"""Latency of small queries, warm, over loopback, against DuckDB's Delta extension in process."""

import harness
from doors import StatementApi, ThriftDoor

ROUNDS, WARMUP = 400, 100

QUERIES = {
    "select 1": "SELECT 1",
    "one row": "SELECT name FROM {airlines} WHERE carrier = 'UA'",
    "count": "SELECT count(*) FROM {flights}",
    "point": "SELECT count(*) FROM {flights} WHERE flight = 1545 AND month = 1",
    "group": "SELECT carrier, count(*) AS n FROM {flights} GROUP BY carrier ORDER BY carrier",
}


def run(server, duckdb_connection):
    rest, thrift = StatementApi(server), ThriftDoor(server)
    tables = {name: f"samples.nycflights.{name}" for name in ("airlines", "flights")}
    scans = {name: "delta_scan('{}')".format(rest.query(f"DESCRIBE DETAIL {table}")[0][4])
             for name, table in tables.items()}
    figures = []
    for name, text in QUERIES.items():
        mine, theirs = text.format(**tables), text.format(**scans)

        def peer():
            return duckdb_connection.execute(theirs).fetchall()

        for door, client in (("REST", rest), ("Thrift", thrift)):
            figures.append(harness.measure(
                f"{name}, {door}", lambda: client.send(mine), {"DuckDB": peer}, ROUNDS, WARMUP,
                lambda answer, who, rows: harness.check_rows(client.rows(answer), who, rows), with_alone=True))
    return figures
