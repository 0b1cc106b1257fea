"""kill -9 of the server under statements: what was acknowledged is there, the rest is whole or absent.

TARN_CRASH_ROUNDS sets the rounds, TARN_CRASH_SEED repeats a run.
"""

import os
import pathlib
import random
import threading
import time

import requests

from conftest import StatementFailed, Statements

ROUNDS = int(os.environ.get("TARN_CRASH_ROUNDS", "200"))
SEED = int(os.environ.get("TARN_CRASH_SEED", random.randrange(1 << 32)))
TABLE = "main.default.log"
ROWS_OF_A_COMMIT = 3
WRITERS = 2


class Ledger:
    """What the writers asked for and what the server acknowledged, by commit number. Thread-safe."""

    def __init__(self):
        self._lock = threading.Lock()
        self._next = 0
        self.inserts_tried, self.inserts_done = set(), set()
        self.deletes_tried, self.deletes_done = set(), set()
        self.schemas_tried, self.schemas_done = set(), set()
        self.acknowledged = 0

    def number(self, tried):
        with self._lock:
            self._next += 1
            tried.add(self._next)
            return self._next

    def victim(self, chance):
        """A number that is there for certain and that nobody tried to delete."""
        with self._lock:
            left = sorted(self.inserts_done - self.deletes_tried)
            if not left:
                return None
            self.deletes_tried.add(chosen := chance.choice(left))
            return chosen

    def acknowledge(self, done, number):
        with self._lock:
            done.add(number)
            self.acknowledged += 1


def write(server, ledger, chance):
    """Statements one after another until the server dies under one of them."""
    statements = Statements(server)
    try:
        while True:
            kind = chance.random()
            victim = ledger.victim(chance) if kind < 0.3 else None
            if victim is not None:
                statements.run(f"DELETE FROM {TABLE} WHERE n = {victim}")
                ledger.acknowledge(ledger.deletes_done, victim)
            elif kind < 0.4:
                number = ledger.number(ledger.schemas_tried)
                statements.run(f"CREATE SCHEMA main.made_{number}")
                ledger.acknowledge(ledger.schemas_done, number)
            else:
                number = ledger.number(ledger.inserts_tried)
                rows = ", ".join(f"({number}, {i})" for i in range(ROWS_OF_A_COMMIT))
                statements.run(f"INSERT INTO {TABLE} VALUES {rows}")
                ledger.acknowledge(ledger.inserts_done, number)
    except (requests.RequestException, ValueError):
        pass


def check(server, ledger):
    rows = {int(n): int(count) for n, count in
            server.run_statement(f"SELECT n, count(DISTINCT i) * 1000 + count(*) FROM {TABLE} GROUP BY n")}
    whole = ROWS_OF_A_COMMIT * 1001
    assert set(rows.values()) <= {whole}, f"torn or doubled commits: {rows}"
    found = set(rows)
    assert ledger.inserts_done - ledger.deletes_tried <= found, "an acknowledged insert is lost"
    assert not found & ledger.deletes_done, "an acknowledged delete came back"
    assert found <= ledger.inserts_tried
    schemas = {int(row[0].removeprefix("made_")) for row in server.run_statement("SHOW SCHEMAS IN main")
               if row[0].startswith("made_")}
    assert ledger.schemas_done <= schemas <= ledger.schemas_tried


def test_acknowledged_commits_survive_kill_9(server):
    print(f"TARN_CRASH_SEED={SEED}")
    chance = random.Random(SEED)
    server.run_statement(f"CREATE TABLE {TABLE} (n INT, i INT)")
    ledger = Ledger()
    nodes = set()
    for _ in range(ROUNDS):
        nodes.update(node["pid"] for node in server.status.get("nodes", []))
        before = ledger.acknowledged
        failures = []

        def writer(random_state):
            try:
                write(server, ledger, random.Random(random_state))
            except StatementFailed as failure:
                failures.append(failure.message)

        writers = [threading.Thread(target=writer, args=(chance.random(),)) for _ in range(WRITERS)]
        for thread in writers:
            thread.start()
        # The kill falls at any point of a statement, some rounds before the first one is answered.
        wanted = before + chance.randrange(4)
        deadline = time.monotonic() + 20
        while ledger.acknowledged < wanted and not failures and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.02))
        server.kill()
        for thread in writers:
            thread.join()
        assert not failures, failures
        server.start()
        check(server, ledger)
    assert ledger.inserts_done and ledger.deletes_done and ledger.schemas_done, "nothing was acknowledged"
    unanswered = len(ledger.inserts_tried - ledger.inserts_done) + len(ledger.deletes_tried - ledger.deletes_done)
    print(f"{ROUNDS} kills, {ledger.acknowledged} acknowledged statements, {unanswered} killed ones")
    left = [pid for pid in nodes - {node["pid"] for node in server.status.get("nodes", [])}
            if pathlib.Path(f"/proc/{pid}/cmdline").exists()
            and str(server.data_dir).encode() in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert not left, f"node processes outlived their server: {left}"
