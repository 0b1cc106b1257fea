"""What writers asked for and what they were told, against what the tables hold.

A statement is DONE (acknowledged, or lost after its commit), NOT_DONE (refused, or lost before it
changed anything) or UNKNOWN (nobody answered, or the answer says so). The tables must hold exactly what
is DONE and may hold what is UNKNOWN, whole; what they hold of that settles it for all later checks.
"""

import re
import threading
import time

import requests

from conftest import StatementFailed, Statements

TABLE = "main.default.log"
ROWS_OF_A_COMMIT = 3
WHOLE = ROWS_OF_A_COMMIT * 1001
DONE, NOT_DONE, UNKNOWN = "done", "not done", "unknown"

# How an answer other than success is to be understood. Anything else is a failure of the test.
OUTCOME_OF_REASON = {
    "NODE_LOST": NOT_DONE,
    "NODE_START_FAILED": NOT_DONE,
    "NODE_LOST_AFTER_COMMIT": DONE,
    "STATEMENT_OUTCOME_UNKNOWN": UNKNOWN,
}

LONG = "SELECT sum(sqrt(a.id * b.id)) FROM range(3000000) a CROSS JOIN range(40000) b"


def reason_of(message):
    found = re.match(r"\[([A-Z_.]+)\]", message)
    return found.group(1) if found else ""


class Ledger:
    """Outcomes by kind and number. Thread-safe."""

    KINDS = ("insert", "copy", "delete", "ctas", "schema")

    def __init__(self):
        self._lock = threading.Lock()
        self._next = 0
        self.outcomes = {kind: {} for kind in self.KINDS}
        self.acknowledged = 0
        self.told = dict.fromkeys(OUTCOME_OF_REASON, 0)
        self.unanswered = 0

    def number(self, kind):
        with self._lock:
            self._next += 1
            self.outcomes[kind][self._next] = UNKNOWN
            return self._next

    def appended(self, *outcomes):
        return {n for kind in ("insert", "copy") for n, outcome in self.outcomes[kind].items() if outcome in outcomes}

    def of(self, kind, *outcomes):
        return {n for n, outcome in self.outcomes[kind].items() if outcome in outcomes}

    def victim(self, chance):
        """A number that is there for certain and that nobody else deletes; None when there is none."""
        with self._lock:
            left = sorted(self.appended(DONE) - self.of("delete", DONE, UNKNOWN))
            if not left:
                return None
            chosen = chance.choice(left)
            self.outcomes["delete"][chosen] = UNKNOWN
            return chosen

    def settle(self, kind, number, outcome, acknowledged=False):
        with self._lock:
            self.outcomes[kind][number] = outcome
            self.acknowledged += acknowledged

    def run(self, statements, kind, number, text):
        """Runs a statement and notes what was answered. Raises what a dead server raises."""
        try:
            statements.run(text)
        except StatementFailed as failure:
            reason = reason_of(failure.message)
            if reason not in OUTCOME_OF_REASON:
                raise
            with self._lock:
                self.told[reason] += 1
            self.settle(kind, number, OUTCOME_OF_REASON[reason])
            return
        except (requests.RequestException, ValueError):
            with self._lock:
                self.unanswered += 1
            raise
        self.settle(kind, number, DONE, acknowledged=True)


def write_one(statements, ledger, chance, folder):
    """One statement of a kind that chance decides."""
    kind = chance.random()
    if kind < 0.25 and (victim := ledger.victim(chance)) is not None:
        ledger.run(statements, "delete", victim, f"DELETE FROM {TABLE} WHERE n = {victim}")
    elif kind < 0.35:
        number = ledger.number("schema")
        ledger.run(statements, "schema", number, f"CREATE SCHEMA main.made_{number}")
    elif kind < 0.50:
        number = ledger.number("ctas")
        ledger.run(statements, "ctas", number, f"CREATE TABLE main.default.made_{number} AS SELECT {number} AS n, "
                   f"CAST(id AS INT) AS i FROM range({ROWS_OF_A_COMMIT})")
    elif kind < 0.65:
        number = ledger.number("copy")
        file = folder / f"{number}.csv"
        file.write_text("n,i\n" + "".join(f"{number},{i}\n" for i in range(ROWS_OF_A_COMMIT)))
        ledger.run(statements, "copy", number, f"COPY INTO {TABLE} FROM '{file}' FILEFORMAT = CSV "
                   "FORMAT_OPTIONS ('header' = 'true', 'inferSchema' = 'true')")
    else:
        number = ledger.number("insert")
        rows = ", ".join(f"({number}, {i})" for i in range(ROWS_OF_A_COMMIT))
        ledger.run(statements, "insert", number, f"INSERT INTO {TABLE} VALUES {rows}")


def write_until(server, ledger, chance, folder, stop):
    """Statements one after another until the server dies under one of them, or `stop`."""
    statements = Statements(server)
    try:
        while not stop.is_set():
            write_one(statements, ledger, chance, folder)
    except (requests.RequestException, ValueError):
        pass


def read_until_lost(server, stop):
    """A long SELECT that changes nothing: when its process dies the answer may only be NODE_LOST."""
    statements = Statements(server)
    try:
        statement = statements.submit(LONG, wait="0s")["statement_id"]
        while (status := statements.look(statement)["status"])["state"] in ("PENDING", "RUNNING"):
            if stop.is_set():
                # It was not hit, or waits for the next process.
                statements.cancel(statement)
            time.sleep(0.02)
    except (requests.RequestException, ValueError):
        return
    if status["state"] != "CANCELED":
        assert reason_of(status["error"]["message"]) == "NODE_LOST", status


def run_patiently(server, text, seconds=20):
    """A statement that may meet a process that has just been killed."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            return server.run_statement(text)
        except StatementFailed as failure:
            if reason_of(failure.message) != "NODE_LOST" or time.monotonic() > deadline:
                raise


def check(server, ledger):
    """What is there against what was told; settles what was unknown. No writer may be running."""
    rows = {int(n): int(count) for n, count in run_patiently(
        server, f"SELECT n, count(DISTINCT i) * 1000 + count(*) FROM {TABLE} GROUP BY n")}
    assert set(rows.values()) <= {WHOLE}, f"torn or doubled commits: {rows}"
    found = set(rows)
    must = ledger.appended(DONE) - ledger.of("delete", DONE, UNKNOWN)
    assert must <= found, f"acknowledged rows are lost: {must - found}"
    may = (ledger.appended(DONE, UNKNOWN)) - ledger.of("delete", DONE)
    assert found <= may, f"rows that nobody may see: {found - may}"
    for kind in ("insert", "copy"):
        for number in ledger.of(kind, UNKNOWN):
            ledger.settle(kind, number, DONE if number in found else NOT_DONE)
    for number in ledger.of("delete", UNKNOWN):
        ledger.settle("delete", number, NOT_DONE if number in found else DONE)
    check_names(server, ledger)


def check_names(server, ledger):
    schemas = {int(row[0].removeprefix("made_")) for row in run_patiently(server, "SHOW SCHEMAS IN main")
               if row[0].startswith("made_")}
    assert ledger.of("schema", DONE) <= schemas <= ledger.of("schema", DONE, UNKNOWN)
    for number in ledger.of("schema", UNKNOWN):
        ledger.settle("schema", number, DONE if number in schemas else NOT_DONE)
    tables = {int(row[1].removeprefix("made_")) for row in run_patiently(server, "SHOW TABLES IN main.default")
              if row[1].startswith("made_")}
    assert ledger.of("ctas", DONE) <= tables, "an acknowledged table is lost"
    assert tables <= ledger.of("ctas", DONE, UNKNOWN)
    for number in ledger.of("ctas", UNKNOWN):
        done = number in tables and is_whole_table(server, number)
        if number in tables and not done:
            # A name without a table is what the kill may leave; the name is free again after a DROP.
            run_patiently(server, f"DROP TABLE main.default.made_{number}")
        ledger.settle("ctas", number, DONE if done else NOT_DONE)


def is_whole_table(server, number):
    try:
        rows = run_patiently(server, f"SELECT count(DISTINCT i) * 1000 + count(*), min(n) FROM main.default.made_{number}")
    except StatementFailed as failure:
        assert reason_of(failure.message) == "DELTA_TABLE_NOT_FOUND", failure.message
        return False
    assert rows == [[str(WHOLE), str(number)]], "a table that is there in part"
    return True


def check_every_table(server, ledger):
    for number in ledger.of("ctas", DONE):
        assert is_whole_table(server, number)
