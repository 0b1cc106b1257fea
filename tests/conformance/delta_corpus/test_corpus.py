"""Delta tables of other engines, read in place: the same rows as expected, or refused by name.

The tables are those of TARN_SHARED_DATA (default ../shared/data beside the checkout); nothing of them is
in the repository. Rows are compared with the expectations beside a table where it has some, else with
what deltalake or DuckDB's Delta extension read of it.
"""

import datetime
import decimal
import math
import os
import pathlib
import subprocess

import deltalake
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import requests

from fixtures.deps import DEPS
from fixtures.tarn_server import TarnProcess

ROOT = pathlib.Path(__file__).resolve().parents[3]
SHARED = pathlib.Path(os.environ.get("TARN_SHARED_DATA") or ROOT.parent / "shared/data") / "delta"

# Tables this release refuses, and the words its answer has to hold. Every other table is read.
FEATURES = "DELTA_UNSUPPORTED_FEATURES_FOR_READ"
REFUSED = {
    "tables/table-with-geo": (FEATURES, "geospatial"),
    "tables/unshredded-variant": (FEATURES, "variantType-preview"),
    # Logs made to be refused, or written without the data files or deletion vectors they name.
    "spark/partitioned-table-with-dv-large": ("OBJECT_NOT_FOUND", "deletion_vector_"),
    "spark/table-with-dv-large": ("OBJECT_NOT_FOUND", "deletion_vector_"),
    "spark/table-with-dv-small": ("OBJECT_NOT_FOUND", "deletion_vector_"),
    "tables/crc-full": ("DELTA_TXN_LOG_FAILED_INTEGRITY", "its checksum says"),
    "golden/checkpoint": ("FAILED_READ_FILE",),
    "golden/data-reader-absolute-paths-escaped-chars": ("DELTA_STATE_RECOVER_ERROR", "metaData"),
    "golden/delete-re-add-same-file-different-transactions": ("FAILED_READ_FILE",),
    "golden/deltalog-commit-info": ("DELTA_LOG_CORRUPT", "schemaString"),
    "golden/deltalog-invalid-protocol-version": ("DELTA_INVALID_PROTOCOL_VERSION", "99"),
    "golden/deltalog-state-reconstruction-from-checkpoint-missing-metadata": ("DELTA_",),
    "golden/deltalog-state-reconstruction-from-checkpoint-missing-protocol": ("DELTA_",),
    "golden/deltalog-state-reconstruction-without-metadata": ("DELTA_STATE_RECOVER_ERROR", "metaData"),
    "golden/deltalog-state-reconstruction-without-protocol": ("DELTA_STATE_RECOVER_ERROR", "protocol"),
    "golden/no-delta-log-folder": ("DELTA",),
    "tables/app-txn-with-last-updated": ("FAILED_READ_FILE",),
    "tables/with_checkpoint_no_last_checkpoint": ("FAILED_READ_FILE",),
    "golden/update-deleted-directory": ("DELTA_LOG_CORRUPT", "schemaString"),
    "golden/versions-not-contiguous": ("DELTA_VERSIONS_NOT_CONTIGUOUS", "version 1"),
}


# Its expectations were computed in another time zone than the one its writer named.
IGNORED_COLUMNS = {"golden/data-reader-partition-values": ["as_timestamp"]}


def _units():
    """(name, archive or folder) of what is there; the tables below each are found when it is unpacked."""
    if not SHARED.exists():
        return []
    units = [("dat", SHARED / "dat-0.0.3.tar.gz")]
    for part in ("golden", "tables", "spark"):
        for path in sorted((SHARED / part).iterdir()):
            if path.is_dir() or path.name.endswith(".tar.zst"):
                units.append((f"{part}/{path.name.removesuffix('.tar.zst')}", path))
    return units


UNITS = _units()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus")
    server = TarnProcess(folder / "data", "--sample-data", "", "--allowed-folders", f"{folder}:{SHARED}")
    server.start()
    server.folder = folder
    yield server
    server.stop()


class Refused(Exception):
    pass


def execute(server, text):
    answer = requests.post(
        f"{server.status['http_url']}/api/2.0/sql/statements", timeout=60,
        headers={"Authorization": f"Bearer {server.token}"},
        json={"statement": text, "warehouse_id": server.status["warehouses"][0]["id"], "wait_timeout": "50s",
              "disposition": "EXTERNAL_LINKS", "format": "ARROW_STREAM"}).json()
    if answer["status"]["state"] != "SUCCEEDED":
        raise Refused(answer["status"]["error"]["message"])
    batches, chunk = [], answer.get("result", {})
    while chunk.get("external_links"):
        link = chunk["external_links"][0]
        with pa.ipc.open_stream(requests.get(link["external_link"], timeout=60).content) as stream:
            batches.append(stream.read_all())
        following = link.get("next_chunk_internal_link")
        chunk = requests.get(server.status["http_url"] + following, timeout=60,
                             headers={"Authorization": f"Bearer {server.token}"}).json() if following else {}
    return pa.concat_tables(batches) if batches else None


def comparable(value):
    """A value as text that is the same for equal values of different libraries."""
    if isinstance(value, dict):
        return {name: comparable(inner) for name, inner in value.items()}
    if isinstance(value, list):
        # A map arrives as pairs; its entries have no order.
        inner = [comparable(item) for item in value]
        return sorted(inner, key=repr) if value and isinstance(value[0], tuple) else inner
    if isinstance(value, tuple):
        return tuple(map(comparable, value))
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.timezone.utc).replace(tzinfo=None).isoformat() if value.tzinfo else (
            value.isoformat())
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else f"{value:.6g}"
    if isinstance(value, decimal.Decimal):
        return str(value.normalize())
    if isinstance(value, memoryview):
        return bytes(value)
    return value


def rows_of(table):
    names = sorted(table.column_names)
    return sorted((repr([(name, comparable(row[name])) for name in names]) for row in table.to_pylist()))


def expected_table(table, kind):
    """The rows of a table by its own expectations or another reader's, and whose they are."""
    if kind == "dat":
        return pq.read_table(table.parent / "expected/latest/table_content"), "expected"
    if (table.parent / "expected").is_dir() and table.name == "delta":
        return pq.read_table(table.parent / "expected"), "expected"
    try:
        read = deltalake.DeltaTable(str(table))
        if read.metadata().configuration.get("delta.columnMapping.mode", "none") == "none":
            return read.to_pyarrow_table(), "deltalake"
        # Its Arrow reader finds no column under another name; its engine does.
        rows = deltalake.QueryBuilder().register("t", read).execute("SELECT * FROM t").read_all()
        return pa.table(rows), "deltalake's engine"
    except Exception:  # whatever it cannot read; the other reader is asked then
        connection = duckdb.connect()
        connection.execute(f"LOAD '{next((DEPS / 'duckdb').rglob('delta.duckdb_extension'))}'")
        connection.execute("SET TimeZone = 'UTC'")
        return connection.execute(f"FROM delta_scan('{table}')").to_arrow_table(), "DuckDB"


def tables_below(name, folder):
    """(name, folder) of each table of an unpacked unit."""
    folders = sorted(log.parent for log in folder.rglob("_delta_log"))
    for table in folders or sorted(folder.rglob("delta")):
        inner = table.relative_to(folder)
        words = [word for word in inner.parts if word not in ("delta", "out", "reader_tests", "generated")]
        words = words[1:] if words and words[0] == name.rsplit("/", 1)[-1] else words
        yield "/".join([name, *words]), table


def files_below(folder):
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


@pytest.mark.skipif(not UNITS, reason="no shared data")
@pytest.mark.parametrize("name, source", UNITS or [("none", None)], ids=[unit[0] for unit in UNITS] or ["none"])
def test_tables_are_read_as_expected_or_refused_by_name(server, name, source):
    folder = source
    if source.is_file():
        folder = server.folder / name
        folder.mkdir(parents=True)
        subprocess.run(["tar", "-xf", source, "-C", folder], check=True)
    seen = 0
    for full_name, table in tables_below(name, folder):
        seen += 1
        before = files_below(table)
        sql_name = f"main.default.`{full_name.replace('/', '_').replace('.', '_')}`"
        try:
            execute(server, f"CREATE TABLE {sql_name} USING DELTA LOCATION '{table}'")
            ours = execute(server, f"SELECT * FROM {sql_name}")
        except Refused as refusal:
            assert full_name in REFUSED, f"{full_name}: {refusal}"
            for word in REFUSED[full_name]:
                assert word in str(refusal), f"{full_name}: {refusal}"
            continue
        finally:
            assert files_below(table) == before, f"{full_name} was changed by reading it"
        assert full_name not in REFUSED, f"{full_name} is read now: take it out of REFUSED"
        expected, whose = expected_table(table, name)
        dropped = IGNORED_COLUMNS.get(full_name, [])
        expected, ours = expected.drop_columns(dropped), ours and ours.drop_columns(dropped)
        if ours is None or ours.num_rows == 0:
            assert expected.num_rows == 0, f"{full_name}: no rows, {whose} has {expected.num_rows}"
        else:
            assert rows_of(ours) == rows_of(expected), f"{full_name} differs from {whose}"
    assert seen, f"no table in {source}"


def test_every_refusal_is_of_a_table_that_is_there():
    if not UNITS:
        pytest.skip("no shared data")
    names = {unit[0] for unit in UNITS}
    for name in REFUSED:
        assert name.startswith("dat/") or any(name == unit or name.startswith(unit + "/") for unit in names), name
