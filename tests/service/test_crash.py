"""kill -9 of the server and of its node under statements: what was acknowledged is there, the rest is whole or absent.

TARN_CRASH_ROUNDS sets the rounds, TARN_CRASH_SEED repeats a run.
"""

import os
import random
import threading
import time

from conftest import StatementFailed
from ledger import TABLE, Ledger, check, check_every_table, read_until_lost, write_until

ROUNDS = int(os.environ.get("TARN_CRASH_ROUNDS", "200"))
SEED = int(os.environ.get("TARN_CRASH_SEED", random.randrange(1 << 32)))
WRITERS = 2


class Round:
    """Writers, now and then a reader, and what went wrong in one of them."""

    def __init__(self, server, ledger, chance, folder):
        self.failures = []
        self.stop = threading.Event()
        work = [(write_until, (server, ledger, random.Random(chance.random()), folder, self.stop))
                for _ in range(WRITERS)]
        if chance.random() < 0.2:
            work.append((read_until_lost, (server, self.stop)))
        self.threads = [threading.Thread(target=self.run, args=item) for item in work]
        for thread in self.threads:
            thread.start()

    def run(self, function, arguments):
        try:
            function(*arguments)
        except (StatementFailed, AssertionError) as failure:
            self.failures.append(repr(failure))

    def end(self):
        self.stop.set()
        for thread in self.threads:
            thread.join()
        assert not self.failures, self.failures


def test_acknowledged_commits_survive_kill_9(server, tmp_path):
    print(f"TARN_CRASH_SEED={SEED}")
    chance = random.Random(SEED)
    folder = tmp_path / "copied"
    folder.mkdir()
    server.run_statement(f"CREATE TABLE {TABLE} (n INT, i INT)")
    ledger = Ledger()
    nodes, kills = set(), {"node": 0, "server": 0}
    for _ in range(ROUNDS):
        before = ledger.acknowledged
        nodes.update(server.node_pids())
        round_ = Round(server, ledger, chance, folder)
        # The kill falls at any point of a statement, some rounds before the first one is answered.
        wanted = before + chance.randrange(4)
        deadline = time.monotonic() + 20
        while ledger.acknowledged < wanted and not round_.failures and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.02))
        which = chance.choice(["node", "node", "node", "server", "both"])
        if which != "server":
            kills["node"] += server.kill_nodes()
        if which == "both":
            # While the server finds out what the node had done.
            time.sleep(chance.uniform(0, 0.02))
        if which != "node":
            server.kill()
            kills["server"] += 1
        round_.end()
        if which != "node":
            server.start()
        check(server, ledger)
    check_every_table(server, ledger)
    for kind, outcomes in ledger.outcomes.items():
        assert "done" in outcomes.values() or ROUNDS < 50, f"no {kind} was acknowledged"
    print(f"{kills} kills, {ledger.acknowledged} acknowledged statements, {ledger.unanswered} unanswered ones, "
          f"told {ledger.told}")
    assert ledger.told["NODE_LOST"] or ROUNDS < 50, "no statement lost its node: the test tested nothing"
    left = [pid for pid in nodes - set(server.node_pids()) if server.is_own(pid)]
    assert not left, f"node processes outlived their server: {left}"
