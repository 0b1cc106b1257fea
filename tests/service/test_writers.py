"""Eight writers on one table through the REST door lose nothing; nor do two warehouses beside delta-rs."""

import subprocess
import sys
import threading

import deltalake
import requests

from conftest import StatementFailed, Statements

WRITERS = 8
COMMITS_OF_A_WRITER = 12
TRIES = 50


def run_until_it_lands(statements, text):
    """A delete may lose against another writer's; the answer says that it may be tried again."""
    for _ in range(TRIES):
        try:
            return statements.run(text)
        except StatementFailed as failure:
            if "CONCURRENT" not in failure.message:
                raise
    raise AssertionError(f"{text} lost {TRIES} times")


def in_threads(work):
    failures = []

    def run(writer):
        try:
            work(writer)
        except BaseException as failure:  # reported by the test's own thread
            failures.append(f"writer {writer}: {failure!r}")

    threads = [threading.Thread(target=run, args=(writer,)) for writer in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures, failures


def test_blind_appends_all_land_without_a_retry_of_the_client(server):
    server.run_statement("CREATE TABLE main.default.busy (writer INT, n INT)")

    def append(writer):
        statements = Statements(server)
        for n in range(COMMITS_OF_A_WRITER):
            statements.run(f"INSERT INTO main.default.busy VALUES ({writer}, {n})")

    in_threads(append)
    expected = WRITERS * COMMITS_OF_A_WRITER
    assert server.run_statement("SELECT count(*), count(DISTINCT writer * 100 + n) FROM main.default.busy") == [
        [str(expected), str(expected)]]
    history = server.run_statement("DESCRIBE HISTORY main.default.busy")
    assert [int(row[0]) for row in history] == list(range(expected, -1, -1))


def test_appends_and_deletes_together_lose_nothing(server):
    server.run_statement("CREATE TABLE main.default.mixed (writer INT, n INT)")

    def append_and_delete(writer):
        statements = Statements(server)
        for n in range(COMMITS_OF_A_WRITER):
            statements.run(f"INSERT INTO main.default.mixed VALUES ({writer}, {n}), ({writer}, {-n - 1})")
            if n % 3 == 2:
                run_until_it_lands(statements, f"DELETE FROM main.default.mixed WHERE writer = {writer} AND n = {n}")

    in_threads(append_and_delete)
    expected = sorted([str(w), str(n)] for w in range(WRITERS)
                      for n in [*(-n - 1 for n in range(COMMITS_OF_A_WRITER)),
                                *(n for n in range(COMMITS_OF_A_WRITER) if n % 3 != 2)])
    assert sorted(server.run_statement("SELECT writer, n FROM main.default.mixed")) == expected


def test_of_two_deletes_of_one_row_both_answers_are_true(server):
    """Whatever order they land in, the row is gone once and the rest stays."""
    server.run_statement("CREATE TABLE main.default.once (n INT)")
    server.run_statement("INSERT INTO main.default.once SELECT CAST(id AS INT) FROM range(100)")
    in_threads(lambda writer: run_until_it_lands(Statements(server),
                                                 "DELETE FROM main.default.once WHERE n = 50"))
    assert server.run_statement("SELECT count(*), min(n), max(n) FROM main.default.once") == [["99", "0", "99"]]


FOREIGN_WRITERS = 2
FOREIGN_COMMITS = 10
FOREIGN = """
import sys, deltalake, pyarrow
folder, writer, commits = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
for n in range(commits):
    rows = pyarrow.table({"writer": pyarrow.array([writer], pyarrow.int32()), "n": pyarrow.array([n], pyarrow.int32())})
    deltalake.write_deltalake(folder, rows, mode="append",
                              commit_properties=deltalake.CommitProperties(max_commit_retries=100))
"""


def test_two_warehouses_and_foreign_writers_on_one_external_table_lose_nothing(server, tmp_path):
    """Four writers on each of two node processes and two processes of delta-rs, all appending."""
    folder = tmp_path / "shared"
    server.run_statement(f"CREATE TABLE main.default.shared (writer INT, n INT) LOCATION '{folder}'")
    url = f"{server.status['http_url']}/api/2.0/sql/warehouses"
    made = requests.post(url, headers={"Authorization": f"Bearer {server.token}"}, json={"name": "second"},
                         timeout=60).json()
    warehouses = [server.status["warehouses"][0]["id"], made["id"]]
    for warehouse in warehouses:
        assert Statements(server, warehouse).run("SELECT 1") == [["1"]]
    assert len(server.node_pids()) == 2, "two warehouses are two processes"
    foreign = [subprocess.Popen([sys.executable, "-c", FOREIGN, str(folder), str(WRITERS + i), str(FOREIGN_COMMITS)],
                                stderr=subprocess.PIPE, text=True) for i in range(FOREIGN_WRITERS)]

    def append(writer):
        statements = Statements(server, warehouses[writer % 2])
        for n in range(COMMITS_OF_A_WRITER):
            statements.run(f"INSERT INTO main.default.shared VALUES ({writer}, {n})")

    in_threads(append)
    for process in foreign:
        _, words = process.communicate(timeout=120)
        assert process.returncode == 0, words
    expected = sorted([(w, n) for w in range(WRITERS) for n in range(COMMITS_OF_A_WRITER)]
                      + [(WRITERS + w, n) for w in range(FOREIGN_WRITERS) for n in range(FOREIGN_COMMITS)])
    for warehouse in warehouses:
        rows = Statements(server, warehouse).run("SELECT writer, n FROM main.default.shared")
        assert sorted((int(w), int(n)) for w, n in rows) == expected
    table = deltalake.DeltaTable(str(folder))
    assert table.version() == len(expected)
    rows = table.to_pyarrow_table()
    assert sorted(zip(rows["writer"].to_pylist(), rows["n"].to_pylist())) == expected
