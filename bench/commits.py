"""Durable commits of ten rows by one, four and sixteen writers of one table, against deltalake (delta-rs)."""

import concurrent.futures

import harness
from doors import StatementApi

ROUNDS, WARMUP = 200, 10
WRITERS, GROUP_ROUNDS, COMMITS_EACH = (4, 16), 5, 10
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
    return [figure] + [together(server, folder, deltalake, rows, writers) for writers in WRITERS]


def together(server, folder, deltalake, rows, writers):
    """All writers at once, each some commits in a row; the figure is the time of one commit of them all."""
    name = f"commits_{writers}"
    insert = f"INSERT INTO main.default.{name} SELECT id, concat('row ', id) FROM range(10)"
    clients = [StatementApi(server) for _ in range(writers)]
    clients[0].query(f"CREATE TABLE main.default.{name} (n BIGINT, s STRING)")
    peer_path = f"{folder}/peer-{writers}"
    deltalake.write_deltalake(peer_path, rows.slice(0, 0))
    pool = concurrent.futures.ThreadPoolExecutor(writers)

    def ours(client):
        for _ in range(COMMITS_EACH):
            client.query(insert)

    def theirs(_):
        for _ in range(COMMITS_EACH):
            deltalake.write_deltalake(peer_path, rows, mode="append")

    figure = harness.measure(
        f"{writers} writers", lambda: list(pool.map(ours, clients)),
        {"deltalake": lambda: list(pool.map(theirs, range(writers)))}, GROUP_ROUNDS, 1)
    commits = writers * COMMITS_EACH
    figure.ours = [time / commits for time in figure.ours]
    figure.peers = {peer: [time / commits for time in times] for peer, times in figure.peers.items()}
    expected = (GROUP_ROUNDS + 1) * commits * 10
    assert clients[0].query(f"SELECT count(*) FROM main.default.{name}") == [[str(expected)]]
    assert deltalake.DeltaTable(peer_path).to_pyarrow_table().num_rows == expected
    pool.shutdown()
    return figure
