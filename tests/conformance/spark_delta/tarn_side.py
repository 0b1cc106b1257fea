"""Tarn as one of the two engines: a server, a schema a case, statements and answers."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "sql"))

from fixtures.tarn_server import TarnProcess  # noqa: E402 - after the path
from runner.doors import StatementExecutionDoor, StatementFailed, ThriftDoor  # noqa: E402

__all__ = ["StatementFailed", "Tarn"]


class Tarn:
    """Statements run in a session of Thrift's, which keeps settings; questions are asked through the
    Statement Execution API, which names types completely."""

    def __init__(self, folder):
        self.allowed = folder / "allowed"
        self.allowed.mkdir(parents=True)
        self._server = TarnProcess(folder / "data", "--sample-data", "", "--allowed-folders", str(self.allowed))
        self._server.start()
        self._thrift = ThriftDoor(self._server.status)
        self._statements = StatementExecutionDoor(self._server.status)
        self._schemas = []

    def stop(self):
        # A connection that outlives its server tries again for minutes.
        try:
            for schema in self._schemas:
                schema.close()
        finally:
            self._server.stop()

    def schema(self, name):
        self._statements.session("default").run(f"CREATE SCHEMA main.{name}")
        self._schemas.append(TarnSchema(self, name))
        return self._schemas[-1]


class TarnSchema:
    def __init__(self, tarn, name):
        self.folder = tarn.allowed / name
        self.folder.mkdir()
        self._connect = lambda: tarn._thrift.session(name)
        self._session = None
        self._questions = tarn._statements.session(name)

    def close(self):
        if self._session:
            self._session.close()

    def run(self, sql):
        """The names of the columns are exact here, the types are not."""
        self._session = self._session or self._connect()
        answer = self._session.run(sql)
        return [[name, None] for name in answer.names], answer.rows

    def ask(self, sql):
        answer = self._questions.run(sql)
        # The API writes types as SQL has them; Spark's catalog strings have no blanks and no NOT NULL.
        types = [text.replace(", ", ",").replace(": ", ":").replace(" not null", "") for text in answer.types]
        return [list(column) for column in zip(answer.names, types)], answer.rows

    def location(self, table):
        columns, rows = self.ask(f"DESCRIBE DETAIL {table}")
        cell = rows[0][[name for name, _ in columns].index("location")]
        return pathlib.Path(cell.removeprefix("file:").replace("///", "/"))
