"""Obligations of the catalog's decision reach the plan: no statement sets them yet, so the record is written by hand."""

import json
import sqlite3

import pytest

from conftest import StatementFailed


@pytest.fixture
def governed(server, tmp_path):
    """main.default.t of which nobody sees a = 1, and nobody reads b."""
    server.run_statement("CREATE TABLE main.default.t AS SELECT * FROM VALUES (1, 'x', 5), (2, 'y', 6), (3, 'z', 7) AS v(a, b, c)")
    server.stop()
    with sqlite3.connect(server.data_dir / "metadata.db") as database:
        where = "WHERE kind = 'TABLE' AND full_name = 'main.default.t'"
        record = json.loads(database.execute(f"SELECT content FROM securables {where}").fetchone()[0])
        record |= {"row_filter": "a > 1", "masks": [["b", "concat('masked ', c)"]]}
        database.execute(f"UPDATE securables SET content = ? {where}", [json.dumps(record)])
    database.close()
    server.start()
    return server


@pytest.mark.parametrize("text, expected", [
    ("SELECT * FROM main.default.t ORDER BY a", [["2", "masked 6", "6"], ["3", "masked 7", "7"]]),
    ("SELECT count(*), min(a), max(b) FROM main.default.t", [["2", "2", "masked 7"]]),
    ("SELECT a FROM main.default.t WHERE b = 'y' OR a = 1", []),
    ("SELECT a FROM main.default.t VERSION AS OF 0 ORDER BY a", [["2"], ["3"]]),
    ("SELECT x.a FROM main.default.t x JOIN main.default.t y ON x.b = y.b ORDER BY x.a", [["2"], ["3"]]),
])
def test_every_read_goes_through_the_policy(governed, text, expected):
    assert governed.run_statement(text) == expected


@pytest.mark.parametrize("text", [
    "INSERT INTO main.default.t VALUES (1, 'x', 5)", "DELETE FROM main.default.t WHERE a = 1",
    "UPDATE main.default.t SET c = 0", "UPDATE main.default.t SET c = 0 WHERE a = 1",
    "MERGE INTO main.default.t USING (SELECT 1 AS a) s ON t.a = s.a WHEN MATCHED THEN DELETE",
    "TRUNCATE TABLE main.default.t", "CREATE OR REPLACE TABLE main.default.t (a INT)",
    "CREATE OR REPLACE TABLE main.default.t AS SELECT 1 AS a"])
def test_changes_are_refused_for_now(governed, text):
    with pytest.raises(StatementFailed, match="UNSUPPORTED_FEATURE.*row filter"):
        governed.run_statement(text)
    assert len(governed.run_statement("SELECT * FROM main.default.t")) == 2


def test_a_copy_holds_what_was_seen(governed):
    governed.run_statement("CREATE TABLE main.default.copy AS SELECT * FROM main.default.t")
    assert governed.run_statement("SELECT a, b FROM main.default.copy ORDER BY a") == [["2", "masked 6"], ["3", "masked 7"]]


def test_the_files_are_no_way_around_it(governed):
    folder = next((governed.data_dir / "managed" / "tables").iterdir())
    for text in (f"SELECT * FROM delta.`{folder}`", f"SELECT * FROM read_files('{folder}', format => 'parquet')"):
        with pytest.raises(StatementFailed, match="PERMISSION_DENIED"):
            governed.run_statement(text)
