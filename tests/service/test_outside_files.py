"""A Delta log may name any file of the machine; a reader gets only those that the principal could read anyway."""

import json
import os
import pathlib

import pyarrow
import pyarrow.parquet
import pytest

from conftest import StatementFailed

FIELD = {"name": "a", "type": "integer", "nullable": True, "metadata": {}}


def write_log(folder, *paths):
    """A table of files that are there already."""
    actions = [{"protocol": {"minReaderVersion": 1, "minWriterVersion": 2}},
               {"metaData": {"id": "0", "format": {"provider": "parquet", "options": {}}, "partitionColumns": [],
                             "schemaString": json.dumps({"type": "struct", "fields": [FIELD]}), "configuration": {}}}]
    for path in paths:
        actions.append({"add": {"path": str(path), "partitionValues": {}, "size": 1000, "modificationTime": 0,
                                "dataChange": True}})
    log = pathlib.Path(folder) / "_delta_log"
    log.mkdir(parents=True)
    (log / f"{0:020}.json").write_text("\n".join(json.dumps(action) for action in actions))


def write_file(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    pyarrow.parquet.write_table(pyarrow.table({"a": pyarrow.array([value], pyarrow.int32())}), path)
    return path


@pytest.fixture
def volume(server):
    """The storage of main.default.v."""
    server.run_statement("CREATE VOLUME main.default.v")
    return next((server.data_dir / "managed" / "volumes").iterdir())


def refusal(server, text):
    with pytest.raises(StatementFailed) as failed:
        server.run_statement(text)
    return failed.value.message


SPELLINGS = {"absolute": str, "uri": lambda path: f"file://{path}", "short uri": lambda path: f"file:{path}",
             "relative": lambda path: "../" * 20 + str(path).lstrip("/"),
             "relative in the middle": lambda path: "x/../" + "../" * 20 + str(path).lstrip("/")}


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
def test_a_file_of_another_table_is_refused_by_name(server, volume, spelling):
    server.run_statement("CREATE TABLE main.default.secret AS SELECT 42 AS a")
    secret = next((server.data_dir / "managed" / "tables").glob("*/*.parquet"))
    write_log(volume / "t", spelling(secret))
    for text in ("SELECT * FROM", "SELECT count(*) FROM"):
        message = refusal(server, f"{text} delta.`/Volumes/main/default/v/t`")
        assert message.startswith("[PERMISSION_DENIED]") and str(secret) in message, message
    assert server.run_statement("SELECT * FROM main.default.secret") == [["42"]]


def test_a_file_outside_every_folder_is_refused(server, volume, tmp_path_factory):
    outside = write_file(tmp_path_factory.mktemp("outside") / "f.parquet", 1)
    write_log(volume / "t", outside)
    assert "[PERMISSION_DENIED]" in refusal(server, "SELECT * FROM delta.`/Volumes/main/default/v/t`")


def test_a_link_out_of_the_table_is_not_followed(server, volume):
    server.run_statement("CREATE TABLE main.default.secret AS SELECT 42 AS a")
    secret = next((server.data_dir / "managed" / "tables").glob("*/*.parquet"))
    write_log(volume / "file", "f.parquet")
    os.symlink(secret, volume / "file" / "f.parquet")
    write_log(volume / "folder", f"d/{secret.name}")
    os.symlink(secret.parent, volume / "folder" / "d")
    for table in ("file", "folder"):
        assert "[INVALID_PATH]" in refusal(server, f"SELECT a FROM delta.`/Volumes/main/default/v/{table}`")


def test_absolute_paths_within_the_table_are_read(server, volume):
    inside = write_file(volume / "t" / "p" / "f.parquet", 7)
    write_log(volume / "t", inside)
    assert server.run_statement("SELECT a FROM delta.`/Volumes/main/default/v/t`") == [["7"]]


def test_a_change_of_such_a_table_is_refused_too(server, tmp_path):
    outside = server.data_dir / "tls" / "server.key"
    write_log(tmp_path / "lake", outside)
    server.run_statement(f"CREATE TABLE main.default.t LOCATION '{tmp_path}/lake'")
    for text in ("DELETE FROM main.default.t", "INSERT INTO main.default.t VALUES (1)",
                 "SELECT * FROM main.default.t"):
        assert "[PERMISSION_DENIED]" in refusal(server, text)


def test_files_in_an_allowed_folder_are_for_administrators(server, tmp_path):
    elsewhere = write_file(tmp_path / "elsewhere" / "f.parquet", 5)
    write_log(tmp_path / "lake", elsewhere)
    server.run_statement(f"CREATE TABLE main.default.t LOCATION '{tmp_path}/lake'")
    assert server.run_statement("SELECT * FROM main.default.t") == [["5"]]


@pytest.mark.parametrize("location", ["data", "data/tls", "data/managed", "data/managed/tables/x", "."])
def test_the_servers_own_folder_is_no_location(server, tmp_path, location):
    message = refusal(server, f"CREATE TABLE main.default.t (a INT) LOCATION '{tmp_path}/{location}'")
    assert message.startswith(("[PERMISSION_DENIED]", "[LOCATION_OVERLAP]"))


def test_a_location_in_a_volume_is_refused(server, volume):
    message = refusal(server, "CREATE TABLE main.default.t (a INT) LOCATION '/Volumes/main/default/v/t'")
    assert message.startswith("[LOCATION_OVERLAP]")
