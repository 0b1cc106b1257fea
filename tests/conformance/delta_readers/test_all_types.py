"""A table of all types with their extremes: written by Tarn and read by three readers, and the other way round."""

import os
import pathlib
import urllib.parse

import deltalake
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from all_types import COLUMNS, EXPECTED, NAMES, ROWS, SCHEMA, arrow_table, rows_of
from fixtures.deps import DEPS


def _duckdb():
    connection = duckdb.connect()
    connection.execute(f"LOAD '{next((DEPS / 'duckdb/1.5.5/extensions').rglob('delta.duckdb_extension'))}'")
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def _table_of_files(location):
    """The files that the log names, each read by pyarrow alone, with the partition value from the log."""
    parts = []
    for action in pa.table(deltalake.DeltaTable(location).get_add_actions(flatten=True)).to_pylist():
        path = urllib.parse.unquote(action["path"])
        file = pq.ParquetFile(os.path.join(location, path)).read()
        part = pa.array([action["partition.part"]] * file.num_rows, pa.string())
        parts.append(file.append_column("part", part))
    return pa.concat_tables(parts)


_READERS = {
    "deltalake": lambda location: deltalake.DeltaTable(location).to_pyarrow_table(),
    "duckdb": lambda location: _duckdb().execute(f"SELECT * FROM delta_scan('{location}')").to_arrow_table(),
    "pyarrow": _table_of_files,
}


@pytest.fixture(scope="module")
def written(arrow):
    """The folder of the table as Tarn writes it."""
    arrow("CREATE OR REPLACE TABLE main.default.all_types (" + ", ".join(f"{name} {sql}" for name, sql, _ in COLUMNS)
          + ") PARTITIONED BY (part)")
    arrow("INSERT INTO main.default.all_types VALUES " + ", ".join(f"({values})" for values, _ in ROWS))
    return arrow("DESCRIBE DETAIL main.default.all_types").to_pylist()[0]["location"].removeprefix("file:")


@pytest.mark.parametrize("reader", _READERS)
def test_what_tarn_wrote_is_read(written, reader):
    table = _READERS[reader](written)
    assert table.select(NAMES).schema.equals(SCHEMA), table.schema
    assert rows_of(table) == EXPECTED


def test_tarn_reads_what_it_wrote(arrow, written):
    assert rows_of(arrow("SELECT * FROM main.default.all_types")) == EXPECTED


def test_partition_values_find_their_rows(arrow, written):
    for condition, ids in (("part = 'x/y'", [1]), ("part = 'ä=%'", [2]), ("part = 'NULL'", [3]), ("part IS NULL", [4, 5]),
                           ("part = ''", [])):
        found = arrow(f"SELECT id FROM main.default.all_types WHERE {condition} ORDER BY id")
        assert found.column("id").to_pylist() == ids, condition


def test_extremes_are_not_skipped_by_statistics(arrow, written):
    for condition, ids in (("ratio = CAST('Infinity' AS DOUBLE)", [3]), ("real = CAST('NaN' AS FLOAT)", [4]),
                           ("at = TIMESTAMP'9999-12-31 23:59:59.999999'", [3]), ("day = DATE'0001-01-01'", [2]),
                           ("local > TIMESTAMP_NTZ'9999-12-31 23:59:59.999998'", [3]), ("bytes = X'00FF10'", [1]),
                           ("wide < -9999999999999999999999999999.9999999998", [2]), ("big < -9223372036854775807", [2]),
                           ("ratio > 3", [3, 4])):  # NaN is greater than any number
        found = arrow(f"SELECT id FROM main.default.all_types WHERE {condition} ORDER BY id")
        assert found.column("id").to_pylist() == ids, condition


def _write_with_deltalake(path):
    deltalake.write_deltalake(path, arrow_table(), partition_by=["part"])
    return NAMES


def _write_with_pyarrow(path):
    pq.write_table(arrow_table(), os.path.join(path, "all.parquet"))
    deltalake.convert_to_deltalake(path)
    return NAMES


def _write_with_duckdb(path):
    # DuckDB's extension appends to a table; it makes none, writes one partition in a statement, and fails on nested values.
    names = [name for name, _, kind in COLUMNS if not pa.types.is_nested(kind)]
    deltalake.DeltaTable.create(path, pa.schema([SCHEMA.field(name) for name in names]))
    connection = _duckdb()
    connection.execute(f"ATTACH '{path}' AS target (TYPE delta)")
    connection.register("source", arrow_table().select(names))
    connection.execute("INSERT INTO target SELECT * FROM source")
    return names


_WRITERS = {"deltalake": _write_with_deltalake, "pyarrow": _write_with_pyarrow, "duckdb": _write_with_duckdb}


@pytest.mark.parametrize("writer", _WRITERS)
def test_what_others_wrote_tarn_reads(arrow, tarn_server, writer):
    path = pathlib.Path(tarn_server["allowed_folder"]) / f"all_types_{writer}"
    path.mkdir()
    names = _WRITERS[writer](str(path))
    expected = [tuple(row[NAMES.index(name)] for name in names) for row in EXPECTED]
    arrow(f"CREATE TABLE main.default.all_types_{writer} LOCATION '{path}'")
    described = arrow(f"DESCRIBE main.default.all_types_{writer}").to_pylist()
    described = [(row["col_name"], row["data_type"]) for row in described[:len(names)]]
    assert described == [(name, sql) for name, sql, _ in COLUMNS if name in names]
    assert rows_of(arrow(f"SELECT * FROM main.default.all_types_{writer}"), names) == expected
    # And it writes on in the table, as the first writer reads it.
    arrow(f"INSERT INTO main.default.all_types_{writer} (id, part) VALUES (6, 'x/y')")
    again = rows_of(deltalake.DeltaTable(str(path)).to_pyarrow_table(), names)
    assert len(again) == len(expected) + 1 and again[:-1] == expected
