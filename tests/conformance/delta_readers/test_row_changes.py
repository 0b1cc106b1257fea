"""Rows that Tarn updates, merges and deletes, by deletion vectors or by rewriting, as delta-rs and DuckDB read them."""

import json
import pathlib

import deltalake
import duckdb
import pytest
from databricks.sdk import WorkspaceClient

from fixtures.deps import DEPS


@pytest.fixture(scope="module")
def run(tarn_server):
    client = WorkspaceClient(host=tarn_server["http_url"], token=open(tarn_server["token_file"]).read().strip())

    def run(text):
        answer = client.statement_execution.execute_statement(text, tarn_server["warehouses"][0]["id"])
        assert answer.status.error is None, answer.status.error.message
        return answer.result.data_array if answer.result else None
    return run


@pytest.fixture(scope="module", params=["true", "false"], ids=["vectors", "rewritten"])
def table(request, run):
    """The table's folder and its rows, worked out in Python."""
    name = f"main.default.changed_{request.param}"
    run(f"CREATE OR REPLACE TABLE {name} TBLPROPERTIES ('delta.enableDeletionVectors' = '{request.param}') AS "
        "SELECT CAST(id AS INT) AS id, concat('n', id) AS name, CAST(id % 4 AS INT) AS part FROM range(5000)")
    rows = {i: [f"n{i}", i % 4] for i in range(5000)}
    run(f"DELETE FROM {name} WHERE id % 7 = 0")
    rows = {i: row for i, row in rows.items() if i % 7}
    run(f"UPDATE {name} SET name = upper(name), part = part + 10 WHERE id BETWEEN 100 AND 299")
    for i in range(100, 300):
        if i in rows:
            rows[i] = [rows[i][0].upper(), rows[i][1] + 10]
    run(f"MERGE INTO {name} AS t USING (SELECT CAST(id AS INT) AS id FROM range(4990, 5010)) AS s ON t.id = s.id "
        "WHEN MATCHED AND s.id % 2 = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET name = 'merged' "
        "WHEN NOT MATCHED THEN INSERT (id, name, part) VALUES (s.id, 'new', -1)")
    for i in range(4990, 5010):
        if i in rows and i % 2 == 0:
            del rows[i]
        elif i in rows:
            rows[i][0] = "merged"
        else:
            rows[i] = ["new", -1]
    location = run(f"DESCRIBE DETAIL {name}")[0][4]
    return name, location, sorted([i, *row] for i, row in rows.items())


def test_tarn_reads_them(run, table):
    name, _, expected = table
    assert [[int(i), n, int(p)] for i, n, p in run(f"SELECT id, name, part FROM {name} ORDER BY id")] == expected


def test_delta_rs_reads_them(table):
    _, location, expected = table
    reader = deltalake.QueryBuilder().register("t", deltalake.DeltaTable(location))
    found = reader.execute("SELECT id, name, part FROM t ORDER BY id").read_all()
    assert [list(row.values()) for row in found.to_struct_array().to_pylist()] == expected


def test_duckdb_reads_them(table):
    _, location, expected = table
    connection = duckdb.connect()
    connection.execute(f"LOAD '{next((DEPS / 'duckdb').rglob('delta.duckdb_extension'))}'")
    found = connection.execute(f"SELECT id, name, part FROM delta_scan('{location}') ORDER BY id").fetchall()
    assert [list(row) for row in found] == expected


def test_the_log_says_how_rows_went(table):
    _, location, _ = table
    actions = [json.loads(line) for path in sorted((pathlib.Path(location) / "_delta_log").glob("*.json"))
               for line in path.read_text().splitlines()]
    vectors = [a["add"]["deletionVector"] for a in actions if "deletionVector" in a.get("add", {})]
    assert bool(vectors) == location_uses_vectors(actions)
    for vector in vectors:
        assert vector["storageType"] == "u" and vector["cardinality"] > 0
    operations = [a["commitInfo"]["operation"] for a in actions if "commitInfo" in a]
    assert operations[-3:] == ["DELETE", "UPDATE", "MERGE"]


def location_uses_vectors(actions):
    metadata = [a["metaData"] for a in actions if "metaData" in a][-1]
    return metadata["configuration"].get("delta.enableDeletionVectors") == "true"
