"""What the service tests share: a server of their own without sample data, and statements over HTTP."""

import json
import os
import pathlib
import signal
import subprocess
import sys
import time

import pytest
import requests

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from fixtures.tarn_server import PROGRAM, TarnProcess  # noqa: E402

START_TIMEOUT_S = 30


class StatementFailed(Exception):
    """The server answered that the statement failed; `message` is what it said."""

    def __init__(self, message):
        super().__init__(message)
        self.message = message


class Statements:
    """Statements over one keep-alive connection. For one thread. A dead server raises requests' errors."""

    def __init__(self, server, warehouse=None):
        self._url = f"{server.status['http_url']}/api/2.0/sql/statements"
        self._warehouse = warehouse or server.status["warehouses"][0]["id"]
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {server.token}"

    def run(self, text):
        """The rows, as strings."""
        answer = self.submit(text)
        status = answer.get("status", answer)
        if status.get("state") != "SUCCEEDED":
            raise StatementFailed(status.get("error", status).get("message", str(answer)))
        return answer.get("result", {}).get("data_array", [])

    def submit(self, text, wait="50s", **fields):
        """The whole answer."""
        return self._session.post(self._url, timeout=60, json={
            "statement": text, "warehouse_id": self._warehouse, "wait_timeout": wait, **fields}).json()

    def look(self, statement):
        return self._session.get(f"{self._url}/{statement}", timeout=60).json()

    def cancel(self, statement):
        self._session.post(f"{self._url}/{statement}/cancel", timeout=60)


class Service(TarnProcess):
    """A server that a test may kill. `statements` is a connection for the test's own thread."""

    def __init__(self, data_dir, *options):
        super().__init__(data_dir, "--sample-data", "", *options)
        self.statements = None

    def start(self):
        status = super().start()
        self.statements = Statements(self)
        return status

    def kill(self):
        """SIGKILL, and wait until the process is gone."""
        pid = self.status["pid"]
        os.kill(pid, signal.SIGKILL)
        while pathlib.Path(f"/proc/{pid}").exists():
            if pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z":
                return
            time.sleep(0.002)

    def run_statement(self, text):
        return self.statements.run(text)

    def node_pids(self):
        """The node processes that the server has right now."""
        status = json.loads((self.data_dir / "server.json").read_text())
        return [node["pid"] for node in status.get("nodes", []) if self.is_own(node["pid"])]

    def is_own(self, pid):
        """Whether the process is there and works on this server's folder."""
        try:
            return str(self.data_dir).encode() in pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return False

    def kill_nodes(self):
        """SIGKILL; how many there were. None when the server is just replacing one."""
        pids = self.node_pids()
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        return len(pids)


@pytest.fixture
def server(tmp_path):
    server = Service(tmp_path / "data", "--allowed-folders", str(tmp_path))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def refused_server():
    """Starts a server that must not start; returns what it wrote to stderr."""
    def start(data_dir, *options, port="0"):
        ended = subprocess.run([str(PROGRAM), "server", "--data-dir", str(data_dir), "--http-port", port,
                                "--https-port", "0", "--loopback-443", "off", *options],
                               capture_output=True, text=True, timeout=START_TIMEOUT_S)
        assert ended.returncode == 1, ended
        return ended.stderr
    return start
