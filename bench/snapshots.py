"""Cold snapshots of tables of many files and refreshes after one commit, against delta-rs and DuckDB's extension.

The tables have a classic checkpoint, as Spark writes it, and no data: only the log is read. A cold round opens a copy
(of links) that nobody has seen. Tarn answers DESCRIBE DETAIL over HTTP; delta-rs opens the table and counts its files;
DuckDB counts the rows, which it takes from the statistics.
"""

import json
import os
import pathlib
import shutil

import harness
from doors import StatementApi

SIZES = (10_000, 100_000, 1_000_000)

_SCHEMA = {"type": "struct", "fields": [
    {"name": "id", "type": "long", "nullable": True, "metadata": {}},
    {"name": "s", "type": "string", "nullable": True, "metadata": {}}]}
_TEXT_MAP = "MAP{}::MAP(VARCHAR, VARCHAR)"
_VECTOR = "STRUCT(storageType VARCHAR, pathOrInlineDv VARCHAR, \"offset\" INTEGER, sizeInBytes INTEGER, cardinality BIGINT)"


_ROWS = 1000  # of a file


def _same(mine, peer, theirs):
    assert mine == theirs, f"{mine} files, {peer} has {theirs}"


def make_table(connection, path, files):
    """A table whose one version is a checkpoint of that many files."""
    log = path / "_delta_log"
    if (log / "_last_checkpoint").exists():
        return
    shutil.rmtree(path, ignore_errors=True)
    log.mkdir(parents=True)
    protocol = {"minReaderVersion": 1, "minWriterVersion": 2}
    metadata = {"id": f"bench-{files}", "format": {"provider": "parquet", "options": {}},
                "schemaString": json.dumps(_SCHEMA), "partitionColumns": [], "configuration": {}, "createdTime": 1}
    checkpoint = log / f"{1:020}.checkpoint.parquet"
    connection.execute(f"""
        COPY (SELECT
          CASE WHEN i = 0 THEN {{'minReaderVersion': 1, 'minWriterVersion': 2}} END AS protocol,
          CASE WHEN i = 1 THEN {{'id': 'bench-{files}', 'format': {{'provider': 'parquet', 'options': {_TEXT_MAP}}},
            'schemaString': $schema, 'partitionColumns': []::VARCHAR[], 'configuration': {_TEXT_MAP},
            'createdTime': 1::BIGINT}} END AS "metaData",
          CASE WHEN i < 0 THEN {{'appId': '', 'version': 1::BIGINT, 'lastUpdated': 1::BIGINT}} END AS txn,
          CASE WHEN i < 0 THEN {{'path': '', 'deletionTimestamp': 1::BIGINT, 'dataChange': false}} END AS remove,
          CASE WHEN i > 1 THEN {{'path': 'part-' || lpad(i::VARCHAR, 7, '0') || '-' || uuid() || '-c000.snappy.parquet',
            'partitionValues': {_TEXT_MAP}, 'size': (1000000 + i * 7)::BIGINT,
            'modificationTime': (1700000000000 + i)::BIGINT, 'dataChange': false,
            'stats': '{{"numRecords":{_ROWS},"minValues":{{"id":' || i * 1000 || ',"s":"row ' || i * 1000 ||
              '"}},"maxValues":{{"id":' || (i * 1000 + 999) || ',"s":"row ' || (i * 1000 + 999) ||
              '"}},"nullCount":{{"id":0,"s":0}}}}',
            'tags': NULL::MAP(VARCHAR, VARCHAR), 'deletionVector': NULL::{_VECTOR}}} END AS "add"
          FROM range({files} + 2) t(i)) TO '{checkpoint}' (FORMAT parquet, COMPRESSION snappy)""",
                       {"schema": json.dumps(_SCHEMA)})
    (log / f"{1:020}.json").write_text(json.dumps({"commitInfo": {"timestamp": 1, "operation": "WRITE"}}) + "\n"
                                       + json.dumps({"protocol": protocol}) + "\n"
                                       + json.dumps({"metaData": metadata}) + "\n")
    (log / "_last_checkpoint").write_text(json.dumps({"version": 1, "size": files + 2}))


class Copies:
    """New places for one table, of links to its files."""

    def __init__(self, table, folder):
        self._table, self._folder, self._number = table, pathlib.Path(folder), 0

    def next(self):
        self._number += 1
        copy = self._folder / f"{self._table.name}-{self._number}"
        (copy / "_delta_log").mkdir(parents=True)
        for file in (self._table / "_delta_log").iterdir():
            os.link(file, copy / "_delta_log" / file.name)
        return copy


def _append(table, version):
    add = {"path": f"part-{version}-new.parquet", "partitionValues": {}, "size": 10, "modificationTime": version,
           "dataChange": True, "stats": json.dumps({"numRecords": 1})}
    lines = [{"commitInfo": {"timestamp": version, "operation": "WRITE"}}, {"add": add}]
    hidden = table / "_delta_log" / f".{version}"
    hidden.write_text("".join(json.dumps(line) + "\n" for line in lines))
    os.rename(hidden, table / "_delta_log" / f"{version:020}.json")


def _memory_bytes(server):
    """Resident memory of the server's processes: all that were started on its data folder."""
    total = 0
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if str(server.data_dir) in (process / "cmdline").read_text():
                total += int((process / "statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            continue
    return total


def run(server, connection, deltalake, data, sizes=SIZES):
    client = StatementApi(server)

    def ours(path):
        answer = json.loads(client.send(f"DESCRIBE DETAIL delta.`{path}`"))
        [row] = client.rows(json.dumps(answer))
        names = [column["name"] for column in answer["manifest"]["schema"]["columns"]]
        return int(row[names.index("numFiles")])

    def duck(path):
        return connection.execute(f"SELECT count(*) FROM delta_scan('{path}')").fetchone()[0]

    figures = []
    for files in sizes:
        table = data / f"snapshot-{files}"
        make_table(connection, table, files)
        copies = Copies(table, data / "copies")
        rounds = 5 if files >= 1_000_000 else 9
        try:
            before = _memory_bytes(server)
            ours(copies.next())
            print(f"{files} files: {(_memory_bytes(server) - before) / files:.0f} bytes of resident memory a file")
            figures.append(harness.measure(
                f"cold {files}", lambda: ours(copies.next()),
                {"deltalake": lambda: len(deltalake.DeltaTable(str(copies.next())).file_uris()),
                 "duckdb": lambda: duck(copies.next()) // _ROWS}, rounds, 1, check=_same))
            mine, theirs = copies.next(), copies.next()
            ours(mine)
            peer = deltalake.DeltaTable(str(theirs))
            times = {"": [], "deltalake": []}
            for version in range(2, 2 + rounds):
                _append(mine, version)
                _append(theirs, version)
                times[""].append(harness.time_of(lambda: ours(mine))[0])
                times["deltalake"].append(harness.time_of(peer.update_incremental)[0])
            assert peer.version() == 1 + rounds
            figures.append(harness.Figure(f"refresh {files}", times[""], {"deltalake": times["deltalake"]}))
        finally:
            shutil.rmtree(data / "copies", ignore_errors=True)
    return figures
