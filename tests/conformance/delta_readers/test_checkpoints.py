"""Checkpoints, checksums and cleaned-up logs that Tarn writes are read by delta-rs and DuckDB's delta extension."""

import json
import os
import pathlib
import shutil
import time

import deltalake
import duckdb
import pyarrow.parquet
import pytest
from databricks.sdk import WorkspaceClient

_DEPS = pathlib.Path(os.environ.get("TARN_DEPS_DIR") or pathlib.Path.home() / ".cache/tarn/deps")
_DAY_S = 24 * 3600


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
def duck():
    connection = duckdb.connect(config={"allow_unsigned_extensions": "false"})
    extension = next((_DEPS / "duckdb").rglob("delta.duckdb_extension"))
    connection.execute(f"LOAD '{extension}'")
    yield connection
    connection.close()


def _wait_for(folder, pattern):
    """Upkeep follows a commit in its own time."""
    for _ in range(200):
        found = sorted(folder.glob(pattern))
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"no {pattern} in {sorted(p.name for p in folder.iterdir())}")


def _fill(run, name, properties, commits=12):
    """One row a commit; the row of every third commit is deleted again in the end."""
    listed = ", ".join(f"'{key}' = '{value}'" for key, value in properties.items())
    table_properties = f" TBLPROPERTIES ({listed})" if listed else ""
    run(f"CREATE TABLE main.default.{name} (id INT, s STRING, d DECIMAL(12,2), at TIMESTAMP, day DATE, "
        f"n STRUCT<a: INT, b: STRING>, p INT) PARTITIONED BY (p){table_properties}")
    for n in range(commits - 2):
        run(f"INSERT INTO main.default.{name} SELECT {n}, 's{n}', {n}.25, TIMESTAMP'2024-05-01 10:00:00.123456', "
            f"DATE'2024-05-{n + 1:02}', named_struct('a', {n}, 'b', 'x'), {n % 2}")
    run(f"DELETE FROM main.default.{name} WHERE id % 3 = 0")
    run(f"INSERT INTO main.default.{name} (id, p) VALUES (99, NULL)")
    return pathlib.Path(run(f"DESCRIBE DETAIL main.default.{name}")[0][4])


def _expected(commits=12):
    return sorted([n for n in range(commits - 2) if n % 3 != 0] + [99])


def _check_delta_rs(location, commits=12):
    found = deltalake.DeltaTable(str(location)).to_pyarrow_table()
    assert sorted(found["id"].to_pylist()) == _expected(commits)


def _check_duckdb(duck, location, commits=12):
    rows = duck.sql(f"SELECT id, d, p FROM delta_scan('{location}') WHERE d >= 4.25 ORDER BY id").fetchall()
    assert [row[0] for row in rows] == [n for n in _expected(commits) if 4 <= n < 99]
    assert all(row[2] == row[0] % 2 for row in rows)
    assert duck.sql(f"SELECT count(*) FROM delta_scan('{location}')").fetchone()[0] == len(_expected(commits))


def _check_readers(duck, location):
    _check_delta_rs(location)
    _check_duckdb(duck, location)


def _without_commits(log, last):
    """What a log clean-up leaves: the checkpoint alone knows the files of versions up to `last`."""
    for path in log.iterdir():
        if path.suffix in (".json", ".crc") and "checkpoint" not in path.name and path.name[:20].isdigit():
            if int(path.name[:20]) <= last:
                path.unlink()


def test_a_classic_checkpoint_has_statistics_as_text_and_as_columns(run, duck):
    location = _fill(run, "classic", {})
    log = location / "_delta_log"
    [checkpoint] = _wait_for(log, "*10.checkpoint.parquet")
    add = pyarrow.parquet.read_schema(checkpoint).field("add").type
    stats = add.field("stats_parsed").type
    assert str(stats.field("minValues").type.field("d").type) == "decimal128(12, 2)"
    assert str(stats.field("maxValues").type.field("at").type) == "timestamp[us, tz=UTC]"
    assert str(stats.field("nullCount").type.field("n").type.field("a").type) == "int64"
    assert str(add.field("partitionValues_parsed").type.field("p").type) == "int32"
    rows = [row for row in pyarrow.parquet.read_table(checkpoint)["add"].to_pylist() if row is not None]
    for row in rows:
        text = json.loads(row["stats"])
        assert row["stats_parsed"]["numRecords"] == text["numRecords"]
        assert row["stats_parsed"]["minValues"]["s"] == text["minValues"]["s"]
        assert float(row["stats_parsed"]["minValues"]["d"]) == float(text["minValues"]["d"])
        assert row["partitionValues_parsed"]["p"] == int(dict(row["partitionValues"])["p"])
    _without_commits(log, 10)
    _check_readers(duck, location)


@pytest.mark.parametrize("as_json,as_struct", [("true", "false"), ("false", "true")])
def test_either_form_of_statistics_alone(run, duck, tarn_server, as_json, as_struct):
    name = f"stats_{as_json}"
    location = _fill(run, name, {"delta.checkpoint.writeStatsAsJson": as_json,
                                 "delta.checkpoint.writeStatsAsStruct": as_struct})
    log = location / "_delta_log"
    [checkpoint] = _wait_for(log, "*10.checkpoint.parquet")
    names = {pyarrow.parquet.read_schema(checkpoint).field("add").type.field(i).name
             for i in range(pyarrow.parquet.read_schema(checkpoint).field("add").type.num_fields)}
    assert ("stats" in names, "stats_parsed" in names) == (as_json == "true", as_struct == "true")
    _without_commits(log, 10)
    _check_readers(duck, location)
    # A table that Tarn has not seen: what it knows of the first one does not help it.
    copy = pathlib.Path(tarn_server["allowed_folder"]) / f"{name}_again"
    shutil.copytree(location, copy)
    run(f"CREATE TABLE main.default.{name}_again LOCATION '{copy}'")
    where = "at = TIMESTAMP'2024-05-01 10:00:00.123456' AND day = DATE'2024-05-03' AND n.a = 2"
    assert run(f"SELECT id, d FROM main.default.{name}_again WHERE {where}") == [["2", "2.25"]]


def test_several_parts(run, duck):
    location = _fill(run, "parts", {"tarn.checkpoint.partSize": "4"})
    log = location / "_delta_log"
    [hint] = _wait_for(log, "_last_checkpoint")
    hint = json.loads(hint.read_text())
    parts = list(log.glob("*10.checkpoint.*.parquet"))
    assert hint["parts"] == len(parts) > 1
    _without_commits(log, 10)
    _check_readers(duck, location)


def test_v2_with_sidecars(run, duck):
    location = _fill(run, "v2", {"delta.checkpointPolicy": "v2", "tarn.checkpoint.partSize": "4"})
    log = location / "_delta_log"
    [top] = _wait_for(log, "*10.checkpoint.*.json")
    actions = [json.loads(line) for line in top.read_text().splitlines()]
    sidecars = [action["sidecar"] for action in actions if "sidecar" in action]
    assert len(sidecars) > 1
    for sidecar in sidecars:
        assert (log / "_sidecars" / sidecar["path"]).stat().st_size == sidecar["sizeInBytes"]
    [hint] = _wait_for(log, "_last_checkpoint")
    hint = json.loads(hint.read_text())
    assert hint["version"] == 10 and hint["v2Checkpoint"]["path"] == top.name
    _without_commits(log, 10)
    _check_duckdb(duck, location)  # this delta-rs refuses the feature


def test_a_checksum_stands_beside_the_newest_commit(run):
    location = _fill(run, "summed", {})
    [checksum] = _wait_for(location / "_delta_log", "*12.crc")
    content = json.loads(checksum.read_text())
    table = deltalake.DeltaTable(str(location))
    sizes = table.get_add_actions().column("size_bytes").to_pylist()
    assert (content["numFiles"], content["tableSizeBytes"]) == (len(sizes), sum(sizes))
    assert content["metadata"]["id"] == str(table.metadata().id)
    assert sum(content["fileSizeHistogram"]["fileCounts"]) == len(sizes) == len(content["allFiles"])


def test_a_cleaned_up_log_is_whole(run, duck):
    location = _fill(run, "cleaned", {})
    log = location / "_delta_log"
    _wait_for(log, "*10.checkpoint.parquet")
    past = time.time() - 40 * _DAY_S
    for path in log.iterdir():
        os.utime(path, (past, past))
    for n in range(100, 108):
        run(f"INSERT INTO main.default.cleaned (id, p) VALUES ({n}, 0)")
    _wait_for(log, "*20.checkpoint.parquet")
    for _ in range(200):
        versions = sorted(int(path.name[:20]) for path in log.glob("*.json"))
        if versions[0] == 10:
            break
        time.sleep(0.1)
    assert versions == list(range(10, 21))
    assert not [path for path in log.glob("*.crc") if int(path.name[:20]) < 10]
    for version in (10, 15, 20):
        assert deltalake.DeltaTable(str(location), version=version).version() == version
        counted = run(f"SELECT count(*) FROM main.default.cleaned VERSION AS OF {version}")
        table = deltalake.DeltaTable(str(location), version=version)
        assert counted == [[str(table.to_pyarrow_table().num_rows)]]
    count = duck.sql(f"SELECT count(*) FROM delta_scan('{location}')").fetchone()[0]
    assert count == len(_expected()) + 8
