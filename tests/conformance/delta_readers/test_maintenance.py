"""Tables that Tarn compacted, clustered by a curve, vacuumed, restored, cloned and converted, as delta-rs and DuckDB
read them."""

import json
import pathlib

import deltalake
import duckdb
import pyarrow
import pyarrow.parquet
import pytest
from databricks.sdk import WorkspaceClient

from fixtures.deps import DEPS

COLUMNS = "id, name, part"


@pytest.fixture(scope="module")
def run(tarn_server):
    client = WorkspaceClient(host=tarn_server["http_url"], token=open(tarn_server["token_file"]).read().strip())

    def run(text):
        answer = client.statement_execution.execute_statement(text, tarn_server["warehouses"][0]["id"])
        assert answer.status.error is None, answer.status.error.message
        return answer.result.data_array if answer.result else None
    return run


@pytest.fixture(scope="module")
def folder(run):
    def folder(name):
        return pathlib.Path(run(f"DESCRIBE DETAIL {name}")[0][4])
    return folder


def rows_of_delta_rs(location):
    reader = deltalake.QueryBuilder().register("t", deltalake.DeltaTable(str(location)))
    found = reader.execute(f"SELECT {COLUMNS} FROM t").read_all()
    return sorted(tuple(row.values()) for row in found.to_struct_array().to_pylist())


def rows_of_duckdb(location):
    connection = duckdb.connect()
    connection.execute(f"LOAD '{next((DEPS / 'duckdb').rglob('delta.duckdb_extension'))}'")
    return sorted(connection.execute(f"SELECT {COLUMNS} FROM delta_scan('{location}')").fetchall())


def made(run, name, properties="", vectors=True):
    vectors = "true" if vectors else "false"
    run(f"CREATE OR REPLACE TABLE {name} (id INT, name STRING, part INT) PARTITIONED BY (part) TBLPROPERTIES "
        f"('delta.enableDeletionVectors' = '{vectors}'{properties})")
    for begin in (0, 1000, 2000):
        run(f"INSERT INTO {name} SELECT CAST(id AS INT), concat('n', id), CAST(id % 3 AS INT) "
            f"FROM range({begin}, {begin + 1000})")
    run(f"DELETE FROM {name} WHERE id % 5 = 0")
    return sorted((i, f"n{i}", i % 3) for i in range(3000) if i % 5)


def read_by_all(location, expected):
    assert rows_of_delta_rs(location) == expected
    assert rows_of_duckdb(location) == expected


def last_commit(location):
    newest = max((location / "_delta_log").glob("*.json"))
    return [json.loads(line) for line in newest.read_text().splitlines()]


@pytest.mark.parametrize("statement", ["OPTIMIZE {}", "OPTIMIZE {} ZORDER BY (id, name)", "REORG TABLE {} APPLY (PURGE)"])
def test_rewritten_files(run, folder, statement):
    name = "main.default.rewritten"
    expected = made(run, name)
    run(statement.format(name))
    read_by_all(folder(name), expected)
    actions = last_commit(folder(name))
    adds = [a["add"] for a in actions if "add" in a]
    removes = [a["remove"] for a in actions if "remove" in a]
    assert len(adds) == 3 and len(removes) == 9
    assert not any(a["dataChange"] for a in adds + removes)
    assert all("deletionVector" not in a or a["deletionVector"] is None for a in adds)
    assert sum(json.loads(a["stats"])["numRecords"] for a in adds) == len(expected)


def test_vacuumed(run, folder):
    name = "main.default.vacuumed"
    expected = made(run, name, ", 'delta.deletedFileRetentionDuration' = 'interval 0 hours'")
    run(f"OPTIMIZE {name}")
    location = folder(name)
    (location / "_hidden").mkdir()
    (location / "_hidden" / "keep.parquet").write_bytes(b"x")
    (location / "stray.parquet").write_bytes(b"x")
    doomed = {row[0] for row in run(f"VACUUM {name} RETAIN 0 HOURS DRY RUN")}
    assert str(location / "stray.parquet") in doomed and (location / "stray.parquet").exists()
    run(f"VACUUM {name} RETAIN 0 HOURS")
    assert not any(pathlib.Path(path).exists() for path in doomed)
    assert (location / "_hidden" / "keep.parquet").exists()
    left = {p for p in location.rglob("*") if p.is_file() and "_delta_log" not in p.parts and "_hidden" not in p.parts}
    assert len(left) == 3 and not list(location.rglob("deletion_vector_*.bin"))
    read_by_all(location, expected)
    start, end = [json.loads(p.read_text().splitlines()[0])["commitInfo"]
                  for p in sorted((location / "_delta_log").glob("*.json"))[-2:]]
    assert start["operation"] == "VACUUM START" and int(start["operationMetrics"]["numFilesToDelete"]) == len(doomed)
    assert start["operationParameters"] == {"retentionCheckEnabled": True, "defaultRetentionMillis": 0,
                                            "specifiedRetentionMillis": 0}
    assert end["operation"] == "VACUUM END" and end["operationParameters"] == {"status": "COMPLETED"}
    assert int(end["operationMetrics"]["numDeletedFiles"]) == len(doomed)


def test_a_link_out_of_the_table_is_not_followed(run, folder, tmp_path):
    name = "main.default.linked"
    expected = made(run, name, ", 'delta.deletedFileRetentionDuration' = 'interval 0 hours'")
    (tmp_path / "mine.parquet").write_bytes(b"x")
    (folder(name) / "out").symlink_to(tmp_path)
    run(f"VACUUM {name} RETAIN 0 HOURS")
    assert (tmp_path / "mine.parquet").exists()
    read_by_all(folder(name), expected)


def test_lite_deletes_what_the_log_removed(run, folder):
    name = "main.default.lite"
    expected = made(run, name, ", 'delta.deletedFileRetentionDuration' = 'interval 0 hours'")
    run(f"OPTIMIZE {name}")
    location = folder(name)
    (location / "stray.parquet").write_bytes(b"x")
    run(f"VACUUM {name} LITE RETAIN 0 HOURS")
    left = [p for p in location.rglob("*.parquet") if "_delta_log" not in p.parts]
    assert len(left) == 4 and location / "stray.parquet" in left
    read_by_all(location, expected)
    info = json.loads((location / "_delta_log" / "_last_vacuum_info").read_text())
    assert info["latestCommitVersionOutsideOfRetentionWindow"] >= 5


def test_restored(run, folder):
    name = "main.default.restored"
    expected = made(run, name)
    run(f"OPTIMIZE {name}")
    run(f"DELETE FROM {name} WHERE part = 1")
    run(f"RESTORE TABLE {name} TO VERSION AS OF 4")
    read_by_all(folder(name), expected)


@pytest.mark.parametrize("kind", ["SHALLOW", "DEEP"])
def test_cloned(run, folder, kind):
    expected = made(run, "main.default.cloned_from")
    name = f"main.default.cloned_{kind.lower()}"
    run(f"DROP TABLE IF EXISTS {name}")
    run(f"CREATE TABLE {name} {kind} CLONE main.default.cloned_from")
    run(f"DELETE FROM {name} WHERE id = 1")
    expected = [row for row in expected if row[0] != 1]
    assert sorted((int(i), n, int(p)) for i, n, p in run(f"SELECT {COLUMNS} FROM {name}")) == expected
    assert rows_of_delta_rs(folder(name)) == expected
    if kind == "DEEP":
        # DuckDB's extension takes file:/… of a shallow clone, as Spark writes it too, for a path in the table.
        assert rows_of_duckdb(folder(name)) == expected


def test_converted(run, tarn_server):
    location = pathlib.Path(tarn_server["allowed_folder"]) / "to_convert"
    rows = []
    for part in range(3):
        (location / f"part={part}").mkdir(parents=True)
        ids = list(range(part * 10, part * 10 + 10))
        pyarrow.parquet.write_table(pyarrow.table({"id": pyarrow.array(ids, pyarrow.int32()),
                                                   "name": [f"n{i}" for i in ids]}),
                                    location / f"part={part}" / "f.parquet")
        rows += [(i, f"n{i}", part) for i in ids]
    run(f"CONVERT TO DELTA parquet.`{location}` PARTITIONED BY (part INT)")
    read_by_all(location, rows)
    stats = [json.loads(a["add"]["stats"]) for a in last_commit(location) if "add" in a]
    assert [(s["numRecords"], s["minValues"], s["nullCount"]) for s in stats] == [
        (10, {"id": p * 10, "name": f"n{p * 10}"}, {"id": 0, "name": 0}) for p in range(3)]
