"""The change data feed that Tarn writes, as delta-rs reads it; and its commits' actions."""

import json
import pathlib

import deltalake
import pytest


@pytest.fixture(scope="module", params=["true", "false"], ids=["vectors", "rewritten"])
def table(request, arrow, tarn_server):
    """The table's folder, and what changed by version, worked out in Python."""
    name = f"main.default.feed_{request.param}"
    # Paths of managed tables are for nobody to name.
    place = pathlib.Path(tarn_server["allowed_folder"]) / f"feed_{request.param}"
    arrow(f"CREATE TABLE {name} (id INT, name STRING, part INT) PARTITIONED BY (part) LOCATION '{place}' TBLPROPERTIES "
          f"('delta.enableChangeDataFeed' = 'true', 'delta.enableDeletionVectors' = '{request.param}')")
    arrow(f"INSERT INTO {name} SELECT CAST(id AS INT), concat('n', id), CAST(id % 3 AS INT) FROM range(30)")
    arrow(f"UPDATE {name} SET name = upper(name) WHERE id BETWEEN 4 AND 6")
    arrow(f"DELETE FROM {name} WHERE id IN (7, 8)")
    arrow(f"MERGE INTO {name} AS t USING (VALUES (1, 'uno'), (2, NULL), (99, 'new')) AS s(id, name) ON t.id = s.id "
          "WHEN MATCHED AND s.name IS NULL THEN DELETE WHEN MATCHED THEN UPDATE SET name = s.name "
          "WHEN NOT MATCHED THEN INSERT (id, name, part) VALUES (s.id, s.name, 0)")
    expected = [(1, i, f"n{i}", i % 3, "insert") for i in range(30)]
    for i in range(4, 7):
        expected += [(2, i, f"n{i}", i % 3, "update_preimage"), (2, i, f"N{i}", i % 3, "update_postimage")]
    expected += [(3, i, f"n{i}", i % 3, "delete") for i in (7, 8)]
    expected += [(4, 1, "n1", 1, "update_preimage"), (4, 1, "uno", 1, "update_postimage"), (4, 2, "n2", 2, "delete"),
                 (4, 99, "new", 0, "insert")]
    location = arrow(f"DESCRIBE DETAIL {name}").column("location")[0].as_py()
    return name, location, sorted(expected)


COLUMNS = ["_commit_version", "id", "name", "part", "_change_type"]


def test_tarn_reads_it(arrow, table):
    name, _, expected = table
    rows = arrow(f"SELECT {', '.join(COLUMNS)} FROM table_changes('{name}', 1)").to_pylist()
    assert sorted(tuple(row.values()) for row in rows) == expected


def test_by_path_it_is_the_same(arrow, table):
    _, location, expected = table
    rows = arrow(f"SELECT {', '.join(COLUMNS)} FROM table_changes_by_path('{location}', 1)").to_pylist()
    assert sorted(tuple(row.values()) for row in rows) == expected


def test_delta_rs_reads_it(table):
    _, location, expected = table
    read = deltalake.DeltaTable(location).load_cdf(starting_version=1).read_all()
    rows = [tuple(read.column(name)[i].as_py() for name in COLUMNS) for i in range(read.num_rows)]
    assert sorted(rows) == expected


def test_changed_rows_lie_beside_the_data(table):
    _, location, _ = table
    log = pathlib.Path(location) / "_delta_log"
    for version in (2, 3, 4):
        actions = [json.loads(line) for line in (log / f"{version:020}.json").read_text().splitlines()]
        changes = [action["cdc"] for action in actions if "cdc" in action]
        assert changes
        for change in changes:
            assert change["dataChange"] is False and change["path"].startswith("_change_data/part=")
            assert (pathlib.Path(location) / change["path"]).stat().st_size == change["size"]
    inserted = [json.loads(line) for line in (log / f"{1:020}.json").read_text().splitlines()]
    assert not any("cdc" in action for action in inserted)
