"""Eight writers on one table through the REST door lose nothing."""

import threading

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
