"""What Tarn writes is read by delta-rs, DuckDB's delta extension and pyarrow; what delta-rs writes, Tarn reads."""

import datetime
import decimal
import os
import pathlib

import deltalake
import duckdb
import pyarrow as pa
import pytest
from databricks.sdk import WorkspaceClient

_DEPS = pathlib.Path(os.environ.get("TARN_DEPS_DIR") or pathlib.Path.home() / ".cache/tarn/deps")


@pytest.fixture(scope="module")
def run(tarn_server):
    token = open(tarn_server["token_file"]).read().strip()
    client = WorkspaceClient(host=tarn_server["http_url"], token=token)

    def run(text):
        answer = client.statement_execution.execute_statement(text, tarn_server["warehouses"][0]["id"])
        assert answer.status.error is None, answer.status.error.message
        return answer.result.data_array
    return run


@pytest.fixture(scope="module")
def table(run):
    run("CREATE OR REPLACE TABLE main.default.written (id BIGINT, name STRING, amount DECIMAL(12,2), day DATE, at TIMESTAMP, "
        "ok BOOLEAN, ratio DOUBLE, part INT) PARTITIONED BY (part)")
    for part in range(3):
        run(f"INSERT INTO main.default.written SELECT id, concat('n', id), CAST(id AS DECIMAL(12,2)) / 4, "
            f"DATE'2024-01-01' + CAST(id AS INT), TIMESTAMP'2024-01-01 00:00:00', id % 2 = 0, id / 8, {part} FROM range(10)")
    run("INSERT INTO main.default.written (id, part) VALUES (100, 1)")
    run("DELETE FROM main.default.written WHERE id = 3")
    location = run("DESCRIBE DETAIL main.default.written")[0][4]
    expected = run("SELECT id, name, amount, day, ok, ratio, part FROM main.default.written ORDER BY id, part")
    return location, expected


def _plain(rows):
    def text(value):
        if value is None:
            return None
        if isinstance(value, bool):
            return str(value).lower()
        return str(value)
    return [[text(v) for v in row] for row in rows]


_SELECT = "SELECT id, name, amount, day, ok, ratio, part FROM {} ORDER BY id, part"


def test_delta_rs_reads_it(table):
    location, expected = table
    found = deltalake.DeltaTable(location).to_pyarrow_table()
    rows = duckdb.sql(_SELECT.format("found")).fetchall()
    assert len(rows) == 28 and _plain(rows) == expected
    assert found.schema.field("amount").type == pa.decimal128(12, 2)


def test_duckdb_reads_it(table):
    location, expected = table
    connection = duckdb.connect()
    extension = next((_DEPS / "duckdb/1.5.5/extensions").rglob("delta.duckdb_extension"))
    connection.execute(f"LOAD '{extension}'")
    rows = connection.execute(_SELECT.format(f"delta_scan('{location}')")).fetchall()
    assert _plain(rows) == expected


def test_history_is_read_by_delta_rs(table):
    operations = [entry["operation"] for entry in deltalake.DeltaTable(table[0]).history()]
    assert operations == ["DELETE", "WRITE", "WRITE", "WRITE", "WRITE", "CREATE TABLE"]


def test_time_travel(run, table):
    assert run("SELECT count(*) FROM main.default.written VERSION AS OF 1") == [["10"]]
    assert run("SELECT count(*) FROM main.default.written@v4") == [["31"]]


def test_tarn_reads_what_delta_rs_wrote(run, tarn_server):
    path = os.path.join(tarn_server["allowed_folder"], "foreign")
    data = pa.table({"id": pa.array([1, 2, None], pa.int64()), "s": ["a", None, "ü"],
                     "d": pa.array([datetime.date(2024, 2, 29)] * 3), "m": pa.array([decimal.Decimal("1.25")] * 3),
                     "l": pa.array([[1, 2], [], None], pa.list_(pa.int32())), "p": ["x", "x", "y z"]})
    deltalake.write_deltalake(path, data, partition_by=["p"])
    deltalake.write_deltalake(path, data, mode="append")
    run(f"CREATE TABLE main.default.adopted LOCATION '{path}'")
    rows = run("SELECT id, s, d, m, l, p FROM main.default.adopted ORDER BY p, id NULLS LAST")
    assert rows == [["1", "a", "2024-02-29", "1.25", "[1,2]", "x"]] * 2 + \
        [["2", None, "2024-02-29", "1.25", "[]", "x"]] * 2 + [[None, "ü", "2024-02-29", "1.25", None, "y z"]] * 2
    run("INSERT INTO main.default.adopted SELECT 9, 'nine', DATE'2024-01-01', 9.00, array(9), 'y z'")
    assert deltalake.DeltaTable(path).to_pyarrow_table().num_rows == 7


def test_append_loops_make_a_checkpoint_others_read(run):
    run("CREATE TABLE main.default.many (n INT)")
    for n in range(12):
        run(f"INSERT INTO main.default.many VALUES ({n})")
    location = run("DESCRIBE DETAIL main.default.many")[0][4]
    assert os.path.exists(f"{location}/_delta_log/00000000000000000010.checkpoint.parquet")
    assert sorted(deltalake.DeltaTable(location).to_pyarrow_table()["n"].to_pylist()) == list(range(12))
