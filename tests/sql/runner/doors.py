"""The ways into Tarn that every *.slt file is run through."""

import dataclasses
import json
import pathlib
import re
import subprocess
import urllib.error
import urllib.parse
import urllib.request

from databricks import sql as databricks_sql

from fixtures.people import user_token
from runner.cell_text import arrow_value, cell_text

ROOT = pathlib.Path(__file__).resolve().parents[3]
ENGINE_DOOR = ROOT / "build/ci/bin/slt_engine_door"
_CLASS = re.compile(r"\[([A-Z][A-Z0-9_.]*)\]")


class StatementFailed(Exception):
    """`error_class` as the message names it, for example DIVIDE_BY_ZERO."""

    def __init__(self, message):
        found = _CLASS.search(message)
        self.error_class = found.group(1) if found else message[:80]
        super().__init__(message)


@dataclasses.dataclass
class Answer:
    names: list
    types: list        # Spark's catalog strings, in lower case
    rows: list         # of cells: text, or None for NULL
    exact_types: bool = True


class EngineDoor:
    """Statements on the engine in a process of their own, without a server."""
    name = "engine"

    def __init__(self, data_folder, allowed_folder):
        self._process = subprocess.Popen([str(ENGINE_DOOR), str(data_folder), str(allowed_folder)],
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def close(self):
        self._process.stdin.close()
        self._process.wait(timeout=30)

    def _ask(self, **request):
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"the engine door ended with {self._process.wait(timeout=30)}")
        answer = json.loads(line)
        if "error" in answer:
            raise StatementFailed(answer["error"])
        return answer

    def put(self, local_file, volume_path):
        self._ask(**{"put": volume_path, "from": str(local_file)})

    def session(self, schema, user=""):
        return _EngineSession(self, schema, user)


class _EngineSession:
    def __init__(self, door, schema, user):
        self._door = door
        self._state = {"catalog": "main", "schema": schema}
        self._user = user

    def run(self, sql):
        answer = self._door._ask(sql=sql, user=self._user, **self._state)
        self._state = {"catalog": answer["catalog"], "schema": answer["schema"]}
        return Answer([c[0] for c in answer["columns"]], [c[1].lower() for c in answer["columns"]],
                      answer["rows"])

    def close(self):
        pass


class StatementExecutionDoor:
    """The Statement Execution API over plain HTTP. Every statement is a session of its own."""
    name = "statements"

    def __init__(self, status):
        self._url = status["http_url"]
        self._warehouse = status["warehouses"][0]["id"]
        self._admin_token = pathlib.Path(status["token_file"]).read_text().strip()
        self._tokens = {"": self._admin_token}

    def close(self):
        pass

    def request(self, method, path, body=None, token=None):
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._url + path, data=data, method=method)
        request.add_header("Authorization", "Bearer " + (token or self._admin_token))
        try:
            with urllib.request.urlopen(request, timeout=120) as response:
                text = response.read()
        except urllib.error.HTTPError as error:
            raise StatementFailed(error.read().decode()) from error
        return json.loads(text) if text else {}

    def token_of(self, user):
        if user not in self._tokens:
            self._tokens[user] = user_token(self._url, self._admin_token, user)
        return self._tokens[user]

    def put(self, local_file, volume_path):
        self.request("PUT", f"/api/2.0/fs/files{volume_path}?overwrite=true", local_file.read_bytes())

    def session(self, schema, user=""):
        return _StatementSession(self, schema, self.token_of(user))


class _StatementSession:
    def __init__(self, door, schema, token):
        self._door, self._schema, self._token = door, schema, token

    def run(self, sql):
        answer = self._door.request("POST", "/api/2.0/sql/statements", {
            "warehouse_id": self._door._warehouse, "statement": sql, "catalog": "main",
            "schema": self._schema, "wait_timeout": "50s"}, self._token)
        if answer["status"]["state"] != "SUCCEEDED":
            raise StatementFailed(answer["status"].get("error", {}).get("message", str(answer)))
        columns = answer["manifest"]["schema"].get("columns", [])
        rows = list(answer.get("result", {}).get("data_array", []))
        link = answer.get("result", {}).get("next_chunk_internal_link")
        while link:
            chunk = self._door.request("GET", link, token=self._token)
            rows += chunk.get("data_array", [])
            link = chunk.get("next_chunk_internal_link")
        return Answer([c["name"] for c in columns], [c["type_text"].lower() for c in columns], rows)

    def close(self):
        pass


class ThriftDoor:
    """databricks-sql-connector over TLS; a session lives as long as its connection."""
    name = "thrift"

    def __init__(self, status):
        self._rest = StatementExecutionDoor(status)
        self._status = status
        self.put = self._rest.put

    def close(self):
        pass

    def session(self, schema, user=""):
        address = urllib.parse.urlsplit(self._status["https_url"])
        # Others may not be allowed to use the schema yet.
        start = {} if user else {"catalog": "main", "schema": schema}
        connection = databricks_sql.connect(
            server_hostname=address.hostname, _port=address.port, **start,
            http_path=self._status["warehouses"][0]["http_path"],
            access_token=self._rest.token_of(user), enable_telemetry=False,
            _tls_trusted_ca_file=self._status["ca_file"])
        return _ThriftSession(connection)


class _ThriftSession:
    """The connector names types without their arguments, but for decimals."""

    def __init__(self, connection):
        self._connection = connection

    def run(self, sql):
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(sql)
                columns = cursor.description or []
                table = cursor.fetchall_arrow() if columns else None
        except databricks_sql.Error as error:
            raise StatementFailed(str(error)) from error
        types = [f"decimal({c[4]},{c[5]})" if c[1] == "decimal" else c[1] for c in columns]
        cells = [[cell_text(arrow_value(v, column.type)) for v in column.to_pylist()]
                 for column in (table.columns if table is not None else [])]
        return Answer([c[0] for c in columns], types, [list(row) for row in zip(*cells)], exact_types=False)

    def close(self):
        self._connection.close()
