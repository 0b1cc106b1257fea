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
    assert operations == ["DELETE", "WRITE", "WRITE", "WRITE", "WRITE", "CREATE OR REPLACE TABLE"]


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


def test_partition_values_and_statistics_are_read_by_delta_rs(run):
    values = ["NULL", "__HIVE_DEFAULT_PARTITION__", "a/b%=ü x", "plain"]
    rows = ", ".join(f"({i}, '{v}', TIMESTAMP'2024-05-01 10:00:00.5')" for i, v in enumerate(values))
    run("CREATE TABLE main.default.parted (id INT, p STRING, t TIMESTAMP) PARTITIONED BY (p, t)")
    run(f"INSERT INTO main.default.parted VALUES {rows}, (8, '', NULL), (9, NULL, NULL)")
    location = run("DESCRIBE DETAIL main.default.parted")[0][4]
    table = deltalake.DeltaTable(location)
    found = {row["id"]: (row["p"], row["t"]) for row in table.to_pyarrow_table().to_pylist()}
    at = datetime.datetime(2024, 5, 1, 10, 0, 0, 500000, tzinfo=datetime.timezone.utc)
    assert found == {**{i: (v, at) for i, v in enumerate(values)}, 8: (None, None), 9: (None, None)}
    assert sorted(table.to_pyarrow_table([("p", "=", "a/b%=ü x")])["id"].to_pylist()) == [2]
    answer = run("SELECT id, p FROM main.default.parted WHERE p IS NULL OR p = 'NULL' ORDER BY id")
    assert answer == [["0", "NULL"], ["8", None], ["9", None]]


def test_statistics_are_read_by_delta_rs(run):
    run("CREATE TABLE main.default.bounds (s STRUCT<a: INT, b: STRING>, d DECIMAL(22,2), t TIMESTAMP, tiny DOUBLE)")
    run("INSERT INTO main.default.bounds SELECT named_struct('a', 1, 'b', repeat('x', 40)), 12345678901234567890.12, "
        "TIMESTAMP'2024-05-01 10:00:00.123456', CAST('4.9E-324' AS DOUBLE)")
    location = run("DESCRIBE DETAIL main.default.bounds")[0][4]
    add = pa.table(deltalake.DeltaTable(location).get_add_actions(flatten=True)).to_pylist()[0]
    assert add["num_records"] == 1 and add["null_count.s.a"] == 0 and add["min.s.a"] == 1 == add["max.s.a"]
    assert add["min.s.b"] == "x" * 32 and add["max.s.b"] > "x" * 40 and add["min.tiny"] == 5e-324
    assert add["max.d"] >= decimal.Decimal("12345678901234567890.12")


def test_statistics_of_delta_rs_leave_out_files(run, tarn_server):
    path = os.path.join(tarn_server["allowed_folder"], "skipping")
    for low in (0, 100):
        deltalake.write_deltalake(path, pa.table({
            "i": pa.array([low, low + 9], pa.int32()), "s": [f"s{low:03}", f"s{low + 9:03}"],
            "d": pa.array([decimal.Decimal(low), decimal.Decimal(low + 9)], pa.decimal128(20, 2)),
            "n": pa.array([{"a": low}, {"a": low + 9}])}), mode="append")
    table = deltalake.DeltaTable(path)
    adds = pa.table(table.get_add_actions(flatten=True)).to_pylist()
    damaged = next(a["path"] for a in adds if a["min.i"] == 100)
    pathlib.Path(path, damaged).write_bytes(b"gone")
    run(f"CREATE TABLE main.default.skipping LOCATION '{path}'")
    for condition in ("i < 50", "s LIKE 's00%'", "d <= 9.00", "n.a = 9", "i IN (9, 50)"):
        assert run(f"SELECT max(s) FROM main.default.skipping WHERE {condition}") == [["s009"]], condition
