"""What DDL of Tarn's leaves in the log and in files, as delta-rs, DuckDB and pyarrow see it."""

import json
import os
import pathlib
import urllib.parse

import deltalake
import duckdb
import pyarrow.parquet as pq
import pytest
from fixtures.deps import DEPS


def _duckdb_rows(location, text="SELECT * FROM {table}"):
    connection = duckdb.connect()
    connection.execute(f"LOAD '{next((DEPS / 'duckdb/1.5.5/extensions').rglob('delta.duckdb_extension'))}'")
    return connection.execute(text.format(table=f"delta_scan('{location}')")).fetchall()


def _deltalake_rows(location, columns):
    table = deltalake.DeltaTable(location).to_pyarrow_table()
    return [tuple(row[name] for name in columns) for row in table.to_pylist()]


@pytest.fixture
def make(arrow):
    """Runs statements in which {t} is a table of the test's own; returns the table's folder."""
    made = []

    def make(name, *statements):
        table = f"main.default.ddl_{name}"
        arrow(f"DROP TABLE IF EXISTS {table}")
        made.append(table)
        for statement in statements:
            arrow(statement.format(t=table))
        return arrow(f"DESCRIBE DETAIL {table}").to_pylist()[0]["location"].removeprefix("file:")

    yield make
    for table in made:
        arrow(f"DROP TABLE IF EXISTS {table}")


def _actions(location, version):
    text = pathlib.Path(location, "_delta_log", f"{version:020}.json").read_text()
    return [next(iter(json.loads(line).items())) for line in text.splitlines()]


def _action(location, version, kind):
    return dict(_actions(location, version)).get(kind)


def _history(location, version):
    info = _action(location, version, "commitInfo")
    return info["operation"], info["operationParameters"]


MAPPED = "CREATE TABLE {{t}} (id INT, `a b` STRING, s STRUCT<x: INT, `y z`: STRING>, l ARRAY<STRUCT<q: INT>>) " \
         "TBLPROPERTIES ('delta.columnMapping.mode' = '{mode}')"
MAPPED_ROW = "INSERT INTO {t} VALUES (1, 'v', named_struct('x', 2, 'y z', 'w'), array(named_struct('q', 3)))"


@pytest.mark.parametrize("mode", ["name", "id"])
def test_mapped_columns_are_read_by_duckdb(make, mode):
    location = make(f"mapped_{mode}", MAPPED.format(mode=mode), MAPPED_ROW, "ALTER TABLE {t} RENAME COLUMN id TO key",
                    "ALTER TABLE {t} DROP COLUMN s.x", "ALTER TABLE {t} ADD COLUMN n INT",
                    "INSERT INTO {t} VALUES (5, NULL, NULL, NULL, 6)")
    rows = _duckdb_rows(location, "SELECT key, \"a b\", s, l, n FROM {table} ORDER BY key")
    assert rows == [(1, "v", {"y z": "w"}, [{"q": 3}], None), (5, None, None, None, 6)]
    assert _duckdb_rows(location, "SELECT key FROM {table} WHERE n = 6") == [(5,)]


def test_mapped_columns_are_read_by_delta_rs(make):
    location = make("mapped_rs", "CREATE TABLE {t} (id INT, p STRING) PARTITIONED BY (p) "
                    "TBLPROPERTIES ('delta.columnMapping.mode' = 'name')", "INSERT INTO {t} VALUES (1, 'x'), (2, NULL)",
                    "ALTER TABLE {t} RENAME COLUMN p TO part", "INSERT INTO {t} VALUES (3, 'x')")
    table = deltalake.DeltaTable(location)
    assert [field.name for field in table.schema().fields] == ["id", "part"]
    assert table.metadata().partition_columns == ["part"]


def test_files_have_physical_names_and_field_ids(make):
    location = make("physical", MAPPED.format(mode="name"), MAPPED_ROW)
    metadata = _action(location, 0, "metaData")
    fields = json.loads(metadata["schemaString"])["fields"]
    assert metadata["configuration"]["delta.columnMapping.maxColumnId"] == "7"
    assert _action(location, 0, "protocol") == {"minReaderVersion": 2, "minWriterVersion": 7,
                                                "writerFeatures": ["appendOnly", "invariants", "columnMapping"]}
    names = {field["name"]: field["metadata"]["delta.columnMapping.physicalName"] for field in fields}
    ids = {field["name"]: field["metadata"]["delta.columnMapping.id"] for field in fields}
    assert list(ids.values()) == [1, 2, 3, 6]
    add = _action(location, 1, "add")
    schema = pq.ParquetFile(os.path.join(location, urllib.parse.unquote(add["path"]))).schema_arrow
    assert schema.names == list(names.values())
    assert [schema.field(name).metadata[b"PARQUET:field_id"] for name in names.values()] == [b"1", b"2", b"3", b"6"]
    inner = schema.field(names["s"]).type
    assert [inner.field(i).metadata[b"PARQUET:field_id"] for i in range(inner.num_fields)] == [b"4", b"5"]
    stats = json.loads(add["stats"])
    assert stats["minValues"][names["id"]] == 1 and stats["nullCount"][names["a b"]] == 0


def test_partition_values_are_under_physical_names(make):
    location = make("partition", "CREATE TABLE {t} (id INT, p STRING) PARTITIONED BY (p) "
                    "TBLPROPERTIES ('delta.columnMapping.mode' = 'name')", "INSERT INTO {t} VALUES (1, 'x')",
                    "ALTER TABLE {t} RENAME COLUMN p TO q")
    metadata = _action(location, 2, "metaData")
    physical = json.loads(metadata["schemaString"])["fields"][1]["metadata"]["delta.columnMapping.physicalName"]
    assert metadata["partitionColumns"] == ["q"]
    add = _action(location, 1, "add")
    assert add["partitionValues"] == {physical: "x"} and "=" not in add["path"]


def test_an_upgraded_table_keeps_its_names(make):
    location = make("upgraded", "CREATE TABLE {t} (id INT, s STRUCT<x: INT>)", "INSERT INTO {t} VALUES (1, named_struct('x', 2))",
                    "ALTER TABLE {t} SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')",
                    "ALTER TABLE {t} RENAME COLUMN id TO key", "INSERT INTO {t} VALUES (3, NULL)")
    fields = json.loads(_action(location, 2, "metaData")["schemaString"])["fields"]
    assert [field["metadata"]["delta.columnMapping.physicalName"] for field in fields] == ["id", "s"]
    assert sorted(_duckdb_rows(location, "SELECT key, s FROM {table}"), key=str) == [(1, {"x": 2}), (3, None)]


def test_history_has_the_names_and_parameters_of_delta_spark(make):
    location = make("history", "CREATE TABLE {t} (id INT, s STRUCT<x: INT>) TBLPROPERTIES ('foo' = 'bar')",
                    "ALTER TABLE {t} ADD COLUMNS (c INT COMMENT 'first' AFTER id, s.z DOUBLE FIRST)",
                    "ALTER TABLE {t} ALTER COLUMN c FIRST", "ALTER TABLE {t} ALTER COLUMN s.x COMMENT 'y'",
                    "ALTER TABLE {t} SET TBLPROPERTIES ('delta.columnMapping.mode' = 'name')",
                    "ALTER TABLE {t} RENAME COLUMN s.x TO xx", "ALTER TABLE {t} DROP COLUMNS (c, s.z)",
                    "ALTER TABLE {t} ADD CONSTRAINT Pos CHECK (id > 0)", "ALTER TABLE {t} DROP CONSTRAINT pos",
                    "ALTER TABLE {t} UNSET TBLPROPERTIES ('foo')", "ALTER TABLE {t} CLUSTER BY (id)",
                    "COMMENT ON TABLE {t} IS 'hey'", "CREATE OR REPLACE TABLE {t} (a INT)")
    assert _history(location, 0) == ("CREATE TABLE", {"partitionBy": "[]", "clusterBy": "[]", "description": None,
                                                      "isManaged": "true", "properties": '{"foo":"bar"}'})
    assert _action(location, 0, "commitInfo")["isBlindAppend"] is True
    operation, parameters = _history(location, 1)
    assert operation == "ADD COLUMNS" and json.loads(parameters["columns"]) == [
        {"column": {"name": "c", "type": "integer", "nullable": True, "metadata": {"comment": "first"}}, "position": "AFTER id"},
        {"column": {"name": "s.z", "type": "double", "nullable": True, "metadata": {}}, "position": "FIRST"}]
    operation, parameters = _history(location, 2)
    assert operation == "CHANGE COLUMN" and parameters["position"] == "FIRST"
    operation, parameters = _history(location, 3)
    assert json.loads(parameters["column"]) == {"name": "s.x", "type": "integer", "nullable": True, "metadata": {"comment": "y"}}
    assert _history(location, 4) == ("SET TBLPROPERTIES", {"properties": '{"delta.columnMapping.mode":"name"}'})
    assert _history(location, 5) == ("RENAME COLUMN", {"oldColumnPath": "s.x", "newColumnPath": "s.xx"})
    assert _history(location, 6) == ("DROP COLUMNS", {"columns": '["c","s.z"]'})
    assert _history(location, 7) == ("ADD CONSTRAINT", {"name": "Pos", "expr": "id > 0"})
    assert _history(location, 8) == ("DROP CONSTRAINT", {"name": "pos", "expr": "id > 0", "existed": "true"})
    assert _history(location, 9) == ("UNSET TBLPROPERTIES", {"properties": '["foo"]', "ifExists": True})
    assert _history(location, 10) == ("CLUSTER BY", {"oldClusteringColumns": "", "newClusteringColumns": "id"})
    assert _history(location, 11) == ("SET TBLPROPERTIES", {"properties": '{"comment":"hey"}'})
    assert _action(location, 11, "metaData")["description"] == "hey"
    assert _history(location, 12)[0] == "CREATE OR REPLACE TABLE"
    assert _action(location, 12, "domainMetadata")["removed"] is True


@pytest.mark.parametrize("clauses,protocol", [
    ("(id INT)", {"minReaderVersion": 1, "minWriterVersion": 2}),
    ("(id BIGINT GENERATED ALWAYS AS IDENTITY)", {"minReaderVersion": 1, "minWriterVersion": 7,
                                                  "writerFeatures": ["appendOnly", "invariants", "identityColumns"]}),
    ("(id INT, k INT GENERATED ALWAYS AS (id))", {"minReaderVersion": 1, "minWriterVersion": 7,
                                                  "writerFeatures": ["appendOnly", "invariants", "generatedColumns"]}),
    ("(id INT) TBLPROPERTIES ('delta.enableDeletionVectors' = 'true')",
     {"minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": ["deletionVectors"],
      "writerFeatures": ["appendOnly", "invariants", "deletionVectors"]}),
    ("(id INT) TBLPROPERTIES ('delta.minReaderVersion' = '2', 'delta.minWriterVersion' = '5')",
     {"minReaderVersion": 2, "minWriterVersion": 5}),
    ("(id INT) CLUSTER BY (id)", {"minReaderVersion": 1, "minWriterVersion": 7,
                                  "writerFeatures": ["appendOnly", "invariants", "clustering", "domainMetadata"]}),
    ("(id INT) TBLPROPERTIES ('delta.enableTypeWidening' = 'true')",
     {"minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": ["typeWidening"],
      "writerFeatures": ["appendOnly", "invariants", "typeWidening"]}),
])
def test_protocols_of_new_tables(make, clauses, protocol):
    assert _action(make("protocol", "CREATE TABLE {t} " + clauses), 0, "protocol") == protocol


def test_constraints_raise_the_protocol_and_hold_for_delta_rs(make):
    location = make("check", "CREATE TABLE {t} (id INT)", "INSERT INTO {t} VALUES (1)",
                    "ALTER TABLE {t} ADD CONSTRAINT pos CHECK (id > 0)")
    assert _action(location, 2, "protocol") == {"minReaderVersion": 1, "minWriterVersion": 3}
    import pyarrow as pa
    with pytest.raises(Exception, match="validation check|nvariant|onstraint"):
        deltalake.write_deltalake(location, pa.table({"id": pa.array([-1], pa.int32())}), mode="append")
    deltalake.write_deltalake(location, pa.table({"id": pa.array([2], pa.int32())}), mode="append")
    assert sorted(_deltalake_rows(location, ["id"])) == [(1,), (2,)]


def test_identity_and_generated_values_are_in_the_files(make):
    location = make("values", "CREATE TABLE {t} (id BIGINT GENERATED ALWAYS AS IDENTITY (START WITH 5 INCREMENT BY 5), v INT, "
                    "k INT GENERATED ALWAYS AS (v * 2))", "INSERT INTO {t} (v) VALUES (1), (2)", "INSERT INTO {t} (v) VALUES (3)")
    assert sorted(_duckdb_rows(location)) == [(5, 1, 2), (10, 2, 4), (15, 3, 6)]
    field = json.loads(_action(location, 2, "metaData")["schemaString"])["fields"][0]
    assert field["metadata"] == {"delta.identity.start": 5, "delta.identity.step": 5, "delta.identity.highWaterMark": 15,
                                 "delta.identity.allowExplicitInsert": False}


def test_widened_columns_note_their_changes(make):
    location = make("wide", "CREATE TABLE {t} (a TINYINT, l ARRAY<INT>) TBLPROPERTIES ('delta.enableTypeWidening' = 'true')",
                    "INSERT INTO {t} VALUES (1, array(2))", "ALTER TABLE {t} ALTER COLUMN a TYPE INT",
                    "ALTER TABLE {t} ALTER COLUMN l.element TYPE BIGINT", "INSERT INTO {t} VALUES (100000, array(10000000000))")
    fields = json.loads(_action(location, 3, "metaData")["schemaString"])["fields"]
    assert fields[0]["metadata"] == {"delta.typeChanges": [{"toType": "integer", "fromType": "byte"}]}
    assert fields[1]["metadata"] == {"delta.typeChanges": [{"toType": "long", "fromType": "integer", "fieldPath": "element"}]}
    assert sorted(_duckdb_rows(location)) == [(1, [2]), (100000, [10000000000])]


def test_two_writers_never_give_one_identity_twice(make, arrow, tarn_server):
    import concurrent.futures

    from databricks import sql
    location = make("identities", "CREATE TABLE {t} (id BIGINT GENERATED ALWAYS AS IDENTITY, w INT)")
    address = urllib.parse.urlsplit(tarn_server["https_url"])

    def write(writer):
        with sql.connect(server_hostname=address.hostname, _port=address.port,
                         http_path=tarn_server["warehouses"][0]["http_path"],
                         access_token=pathlib.Path(tarn_server["token_file"]).read_text().strip(),
                         _tls_trusted_ca_file=tarn_server["ca_file"], enable_telemetry=False) as connection:
            with connection.cursor() as cursor:
                for _ in range(5):
                    cursor.execute(f"INSERT INTO main.default.ddl_identities (w) VALUES ({writer}), ({writer})")

    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        list(pool.map(write, range(3)))
    ids = [row[0] for row in _duckdb_rows(location)]
    assert len(ids) == 30 and len(set(ids)) == 30
