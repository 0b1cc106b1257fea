"""Six queries derived from TPC-H on Delta tables that Tarn wrote, against DuckDB on the same files.

The data comes from DuckDB's generator and goes through files and COPY INTO. Results are not TPC-H's.
"""

import pathlib
import time

import harness
from doors import StatementApi

QUERIES = (1, 3, 6, 9, 14, 18)
ROUNDS, WARMUP = 7, 1
TYPES = {"BIGINT": "BIGINT", "INTEGER": "INT", "VARCHAR": "STRING", "DATE": "DATE"}


def generate(connection, folder, scale):
    """Parquet files, one folder a table; kept for the next run."""
    done = folder / "done"
    if done.exists():
        return
    connection.execute(f"CALL dbgen(sf = {scale})")
    for (table,) in connection.execute("SHOW TABLES").fetchall():
        (folder / table).mkdir(parents=True, exist_ok=True)
        connection.execute(f"COPY {table} TO '{folder / table}/data.parquet' (FORMAT parquet)")
        connection.execute(f"DROP TABLE {table}")
    done.touch()


def load(client, connection, folder):
    """Makes the Delta tables and returns their locations."""
    client.query("CREATE SCHEMA main.h")
    locations = {}
    for source in sorted(path for path in folder.iterdir() if path.is_dir()):
        columns = connection.execute(f"DESCRIBE SELECT * FROM '{source}/data.parquet'").fetchall()
        fields = ", ".join(f"{name} {TYPES.get(kind, kind)}" for name, kind, *_ in columns)
        table = f"main.h.{source.name}"
        client.query(f"CREATE TABLE {table} ({fields})")
        begin = time.perf_counter()
        client.query(f"COPY INTO {table} FROM '{source}' FILEFORMAT = PARQUET")
        seconds = time.perf_counter() - begin
        rows = int(client.query(f"SELECT count(*) FROM {table}")[0][0])
        print(f"  COPY INTO {source.name:<10}{rows:>10} rows {seconds:>7.1f} s", flush=True)
        locations[source.name] = pathlib.Path(client.query(f"DESCRIBE DETAIL {table}")[0][4])
    return locations


def run(server, connection, folder, scale):
    client = StatementApi(server)
    generate(connection, folder, scale)
    locations = load(client, connection, folder)
    texts = dict(connection.execute("SELECT query_nr, query FROM tpch_queries()").fetchall())
    readers = {"delta_scan": "delta_scan('{}')", "read_parquet": "read_parquet('{}/**/*.parquet')"}
    for schema, reader in readers.items():
        connection.execute(f"CREATE SCHEMA {schema}")
        for table, location in locations.items():
            connection.execute(f"CREATE VIEW {schema}.{table} AS FROM {reader.format(location)}")
    client = StatementApi(server, catalog="main", schema="h")
    figures = []
    for number in QUERIES:
        text = texts[number].rstrip().rstrip(";")

        def peer(schema):
            def work():
                connection.execute(f"USE {schema}")
                return connection.execute(text).fetchall()
            return work

        figures.append(harness.measure(
            f"query {number}", lambda: client.send(text), {schema: peer(schema) for schema in readers},
            ROUNDS, WARMUP,
            lambda answer, who, rows: harness.check_rows(client.rows(answer), who, rows)))
    connection.execute("USE memory.main")
    return figures

