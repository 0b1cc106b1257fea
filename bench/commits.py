"""Durable commits of ten rows by one writer, against deltalake (delta-rs)."""

import harness
from doors import StatementApi

ROUNDS, WARMUP = 200, 10
INSERT = "INSERT INTO main.default.commits SELECT id, concat('row ', id) FROM range(10)"


def run(server, folder, deltalake, pyarrow):
    client = StatementApi(server)
    client.query("CREATE TABLE main.default.commits (n BIGINT, s STRING)")
    rows = pyarrow.table({"n": pyarrow.array(range(10), pyarrow.int64()), "s": [f"row {n}" for n in range(10)]})
    peer_path = f"{folder}/peer"
    deltalake.write_deltalake(peer_path, rows.slice(0, 0))
    figure = harness.measure(
        "10 rows", lambda: client.send(INSERT),
        {"deltalake": lambda: deltalake.write_deltalake(peer_path, rows, mode="append")}, ROUNDS, WARMUP)
    expected = (ROUNDS + WARMUP) * 10
    ours = client.query("SELECT count(*), count(DISTINCT s), sum(n) FROM main.default.commits")
    theirs = deltalake.DeltaTable(peer_path).to_pyarrow_table()
    assert ours == [[str(expected), "10", str((ROUNDS + WARMUP) * 45)]] and theirs.num_rows == expected, ours
    return [figure]
