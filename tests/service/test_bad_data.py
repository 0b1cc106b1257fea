"""Damaged tables: each damage has a stable reason, other tables are not touched, and nothing is changed.

The tables are external ones written by deltalake, so that the damage is done to foreign files too.
"""

import hashlib
import json
import os
import pathlib
import random

import deltalake
import pyarrow
import pyarrow.parquet
import pytest

from conftest import StatementFailed

SEED = int(os.environ.get("TARN_DAMAGE_SEED", random.randrange(1 << 32)))
FLIPS = 80


def log_file(table, version, kind="json"):
    return table / "_delta_log" / f"{version:020}.{kind}"


def digest(folder):
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture
def table(server, tmp_path):
    """Three commits of ten rows each; the folder."""
    folder = tmp_path / "table"
    for version in range(3):
        rows = pyarrow.table({"n": pyarrow.array(range(version * 10, version * 10 + 10), pyarrow.int64()),
                              "s": [f"text {n}" * 20 for n in range(10)]})
        deltalake.write_deltalake(str(folder), rows, mode="append")
    server.run_statement(f"CREATE TABLE main.default.t USING DELTA LOCATION '{folder}'")
    server.run_statement("CREATE TABLE main.default.healthy (n INT)")
    server.run_statement("INSERT INTO main.default.healthy VALUES (1)")
    return folder


def reopen(server):
    """Nothing of what was read before may help: a server that starts anew."""
    server.stop()
    server.start()


def rows(server):
    return server.run_statement("SELECT count(*), sum(n), count(s) FROM main.default.t")


WHOLE = [["30", "435", "30"]]


def fails(server, folder, reason, *words):
    """Reading and writing are refused with the reason; the files stay as they are; others still work."""
    before = digest(folder)
    reopen(server)
    for statement in ("SELECT sum(n), count(s) FROM main.default.t",
                      "DELETE FROM main.default.t WHERE s = 'text 1'"):
        with pytest.raises(StatementFailed) as failure:
            server.run_statement(statement)
        assert f"[{reason}" in failure.value.message, failure.value.message
        for word in words:
            assert word in failure.value.message, failure.value.message
    assert digest(folder) == before
    assert server.run_statement("SELECT n FROM main.default.healthy") == [["1"]]


def data_file(folder):
    return sorted(folder.glob("*.parquet"))[0]


def test_a_data_file_that_was_cut(server, table):
    file = data_file(table)
    file.write_bytes(file.read_bytes()[:-20])
    fails(server, table, "FAILED_READ_FILE", file.name)


def test_a_data_file_that_is_empty(server, table):
    file = data_file(table)
    file.write_bytes(b"")
    fails(server, table, "FAILED_READ_FILE", file.name)


def test_a_data_file_that_is_gone(server, table):
    file = data_file(table)
    file.unlink()
    fails(server, table, "FAILED_READ_FILE", file.name)


def test_flipped_bytes_of_a_data_file(server, table):
    """Anywhere in the file: either it still reads, or the reason is the file; no process dies of it."""
    print(f"TARN_DAMAGE_SEED={SEED}")
    chance = random.Random(SEED)
    file = data_file(table)
    whole = file.read_bytes()
    server.run_statement("SELECT 1")  # there is a node, and it has read nothing of the file
    refused, node = 0, json.loads(server.run("status", "--json").stdout)["nodes"][0]["pid"]
    for round in range(FLIPS):
        damaged = bytearray(whole)
        # Half of the flips hit the footer, which is small.
        at = chance.randrange(len(whole)) if chance.random() < 0.5 else len(whole) - 1 - chance.randrange(600)
        damaged[at] ^= 1 << chance.randrange(8)
        file.write_bytes(damaged)
        # A node knows a file that changed by its time, and what it has read of others it keeps.
        os.utime(file, (1_700_000_000 + 60 * round,) * 2)
        try:
            server.run_statement("SELECT sum(n), max(s) FROM main.default.t")
        except StatementFailed as failure:
            assert "[FAILED_READ_FILE" in failure.message, f"bit at {at}: {failure.message}"
            refused += 1
    assert refused > 0
    assert pathlib.Path(f"/proc/{node}").exists(), "the node died of a damaged file"
    file.write_bytes(whole)
    reopen(server)
    assert rows(server) == WHOLE


def test_a_gap_in_the_log(server, table):
    log_file(table, 1).unlink()
    fails(server, table, "DELTA_VERSIONS_NOT_CONTIGUOUS", "version 1")


def test_a_torn_last_line(server, table):
    last = log_file(table, 2)
    last.write_bytes(last.read_bytes()[:-30])
    fails(server, table, "DELTA_LOG_CORRUPT", last.name)


def test_an_empty_commit_is_a_version_without_changes(server, table):
    log_file(table, 3).write_bytes(b"")
    reopen(server)
    assert rows(server) == WHOLE


def test_an_unknown_reader_feature_is_named(server, table):
    log_file(table, 3).write_text(json.dumps({"protocol": {
        "minReaderVersion": 3, "minWriterVersion": 7, "readerFeatures": ["timeMachine"],
        "writerFeatures": ["timeMachine"]}}) + "\n")
    fails(server, table, "DELTA_UNSUPPORTED_FEATURES_FOR_READ", "timeMachine")


def test_an_unknown_writer_feature_is_named_and_reading_goes_on(server, table):
    log_file(table, 3).write_text(json.dumps({"protocol": {
        "minReaderVersion": 1, "minWriterVersion": 7, "writerFeatures": ["timeMachine"]}}) + "\n")
    before = digest(table)
    assert rows(server) == WHOLE
    with pytest.raises(StatementFailed, match=r"\[DELTA_UNSUPPORTED_FEATURES_FOR_WRITE.*timeMachine"):
        server.run_statement("INSERT INTO main.default.t VALUES (1, 'x')")
    assert digest(table) == before


@pytest.fixture
def checkpointed(table):
    deltalake.DeltaTable(str(table)).create_checkpoint()
    assert log_file(table, 2, "checkpoint.parquet").exists()
    return table


def without_commits(folder):
    """What a log clean-up does: the checkpoint alone knows the files of the table."""
    for version in range(3):
        log_file(folder, version).unlink()


def test_a_damaged_checkpoint_is_passed_over_while_commits_make_up_for_it(server, checkpointed):
    checkpoint = log_file(checkpointed, 2, "checkpoint.parquet")
    checkpoint.write_bytes(checkpoint.read_bytes()[:200])
    reopen(server)
    assert rows(server) == WHOLE


def test_a_damaged_checkpoint_that_is_needed(server, checkpointed):
    without_commits(checkpointed)
    reopen(server)
    assert rows(server) == WHOLE
    checkpoint = log_file(checkpointed, 2, "checkpoint.parquet")
    checkpoint.write_bytes(checkpoint.read_bytes()[:200])
    fails(server, checkpointed, "DELTA_CHECKPOINT_CORRUPT", checkpoint.name)


def test_a_checkpoint_that_lacks_a_part(server, checkpointed):
    whole = log_file(checkpointed, 2, "checkpoint.parquet")
    actions = pyarrow.parquet.read_table(whole)
    for part, (offset, length) in enumerate([(0, 3), (3, None)], 1):
        pyarrow.parquet.write_table(actions.slice(offset, length), log_file(
            checkpointed, 2, f"checkpoint.{part:010}.{2:010}.parquet"))
    whole.unlink()
    without_commits(checkpointed)
    (checkpointed / "_delta_log" / "_last_checkpoint").unlink()
    reopen(server)
    assert rows(server) == WHOLE
    log_file(checkpointed, 2, f"checkpoint.{2:010}.{2:010}.parquet").unlink()
    fails(server, checkpointed, "DELTA_CHECKPOINT_CORRUPT", "1 of 2 parts")


def test_a_checkpoint_with_fewer_actions_than_its_hint_says(server, checkpointed):
    checkpoint = log_file(checkpointed, 2, "checkpoint.parquet")
    actions = pyarrow.parquet.read_table(checkpoint)
    pyarrow.parquet.write_table(actions.slice(0, actions.num_rows - 1), checkpoint)
    reopen(server)
    assert rows(server) == WHOLE  # the commits know better
    without_commits(checkpointed)
    fails(server, checkpointed, "DELTA_CHECKPOINT_CORRUPT", checkpoint.name, "_last_checkpoint")


@pytest.mark.parametrize("hint", [b'{"version":7,"size":3}', b'{"version":', b"", b'{"size":"x"}'])
def test_a_hint_that_points_nowhere_is_only_a_hint(server, checkpointed, hint):
    (checkpointed / "_delta_log" / "_last_checkpoint").write_bytes(hint)
    reopen(server)
    assert rows(server) == WHOLE
