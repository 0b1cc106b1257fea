"""kill -9 of a warehouse's process: its statements fail with an error one can retry, nothing else is lost."""

import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import threading
import time

import pytest
import requests
from databricks.sdk import WorkspaceClient
from databricks.sdk.service.sql import State

from fixtures.people import user_token
from fixtures.tarn_server import PROGRAM, TarnProcess

ROUNDS = int(os.environ.get("TARN_NODE_KILL_ROUNDS", "20"))
LONG = "SELECT sum(sqrt(a.id * b.id)) FROM range(3000000) a CROSS JOIN range(40000) b"


@pytest.fixture
def server(tmp_path):
    server = TarnProcess(tmp_path / "data", "--sample-data", "")
    server.start()
    yield server
    server.stop()


@pytest.fixture
def client(server):
    return WorkspaceClient(host=server.status["http_url"], token=server.token)


def execute(server, text, warehouse=None):
    """The `status` and, when there is one, the rows of a statement."""
    answer = requests.post(
        f"{server.status['http_url']}/api/2.0/sql/statements", timeout=60,
        headers={"Authorization": f"Bearer {server.token}"},
        json={"statement": text, "warehouse_id": warehouse or server.status["warehouses"][0]["id"],
              "wait_timeout": "50s"}).json()
    return answer["status"], answer.get("result", {}).get("data_array")


def nodes(server):
    return json.loads(server.run("status", "--json").stdout)["nodes"]


def is_alive(pid):
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition, seconds=15):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def pid_of_node(server):
    found = []
    # The status may still show a process that has just ended.
    wait_until(lambda: found.extend(node["pid"] for node in nodes(server) if is_alive(node["pid"])) or found)
    return found[0]


def kill_node(server):
    """Kills the process once there is one; the server may be starting it."""
    pid = pid_of_node(server)
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not is_alive(pid))


def test_a_running_statement_fails_and_the_next_one_works(server):
    answers = []
    thread = threading.Thread(target=lambda: answers.append(execute(server, LONG)))
    thread.start()
    time.sleep(0.7)
    kill_node(server)
    thread.join()
    status, _ = answers[0]
    assert status["state"] == "FAILED"
    assert status["error"]["error_code"] == "TEMPORARILY_UNAVAILABLE" and status["sql_state"] == "08006"
    assert "NODE_LOST" in status["error"]["message"] and "again" in status["error"]["message"]
    # A statement may still meet the dead process, and is told so; then there is another one.
    wait_until(lambda: execute(server, "SELECT 1") == ({"state": "SUCCEEDED"}, [["1"]]), seconds=5)


def test_a_process_that_hangs_is_replaced(server):
    pid = pid_of_node(server)
    answers = []
    thread = threading.Thread(target=lambda: answers.append(execute(server, LONG)))
    thread.start()
    # One that had not been sent would wait for the next process instead.
    time.sleep(0.7)
    os.kill(pid, signal.SIGSTOP)
    begin = time.monotonic()
    thread.join()
    status, _ = answers[0]
    assert status["state"] == "FAILED" and status["error"]["error_code"] == "TEMPORARILY_UNAVAILABLE"
    assert time.monotonic() - begin < 20 and not is_alive(pid)
    wait_until(lambda: execute(server, "SELECT 1")[1] == [["1"]], seconds=5)


def test_a_client_that_runs_lost_statements_again_doubles_nothing(server):
    """Exactly what clients do: what may be run again is, what must not is not, until all numbers are in."""
    seed = int(os.environ.get("TARN_NODE_KILL_SEED", random.randrange(1 << 32)))
    print(f"TARN_NODE_KILL_SEED={seed}")
    chance = random.Random(seed)
    assert execute(server, "CREATE TABLE main.default.log (n INT)")[0]["state"] == "SUCCEEDED"
    acknowledged, reasons = set(), []
    stop = threading.Event()

    def write():
        number = 0
        while not stop.is_set():
            number += 1
            while True:
                status, _ = execute(server, f"INSERT INTO main.default.log VALUES ({number})")
                if status["state"] == "SUCCEEDED":
                    break
                reasons.append(status["error"]["message"].split("]")[0].lstrip("["))
                if status["error"]["error_code"] != "TEMPORARILY_UNAVAILABLE":
                    assert reasons[-1] == "NODE_LOST_AFTER_COMMIT", status
                    assert status["sql_state"] == "08007" and "DESCRIBE HISTORY" in status["error"]["message"]
                    break
            acknowledged.add(number)
    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(ROUNDS):
        time.sleep(chance.uniform(0, 0.3))
        kill_node(server)
    time.sleep(0.5)
    stop.set()
    writer.join()
    print(f"{len(acknowledged)} rows, lost statements: {reasons}")
    status, rows = execute(server, "SELECT n FROM main.default.log ORDER BY n")
    assert status["state"] == "SUCCEEDED"
    assert [int(row[0]) for row in rows] == sorted(acknowledged)
    assert reasons, "no statement was hit: the test tested nothing"


def test_a_commit_whose_node_dies_before_it_answers_is_not_to_be_run_again(server):
    """Killed the moment the commit is there: the rows are there once, and the answer says so."""
    assert execute(server, "CREATE TABLE main.default.once (n INT)")[0]["state"] == "SUCCEEDED"
    log = next(pathlib.Path(server.data_dir, "managed").rglob("_delta_log"))
    told = []
    for version in range(1, 16):
        pid = pid_of_node(server)
        commit = log / f"{version:020}.json"
        watcher = threading.Thread(target=kill_when_there, args=(commit, pid))
        watcher.start()
        status, _ = execute(server, f"INSERT INTO main.default.once VALUES ({version})")
        watcher.join()
        told.append(status["state"] if status["state"] == "SUCCEEDED" else
                    status["error"]["message"].split("]")[0].lstrip("["))
        assert told[-1] in ("SUCCEEDED", "NODE_LOST_AFTER_COMMIT"), status
    assert "NODE_LOST_AFTER_COMMIT" in told, told
    wait_until(lambda: execute(server, "SELECT 1")[1] == [["1"]])
    assert execute(server, "SELECT count(*), count(DISTINCT n) FROM main.default.once")[1] == [["15", "15"]]


def kill_when_there(path, pid):
    deadline = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < deadline
    os.kill(pid, signal.SIGKILL)


def test_the_first_statement_wakes_a_stopped_warehouse(server, client):
    warehouse = server.status["warehouses"][0]["id"]
    client.warehouses.stop_and_wait(warehouse)
    assert client.warehouses.get(warehouse).state == State.STOPPED and nodes(server) == []
    assert execute(server, "SELECT 1")[1] == [["1"]]
    assert client.warehouses.get(warehouse).state == State.RUNNING and len(nodes(server)) == 1


def test_warehouses_are_made_changed_and_deleted(server, client):
    made = client.warehouses.create_and_wait(name="second", cluster_size="Small", auto_stop_mins=30)
    assert (made.state, made.num_clusters, made.auto_stop_mins) == (State.RUNNING, 1, 30)
    assert made.odbc_params.path == f"/sql/1.0/warehouses/{made.id}" and made.creator_name == "admin@localhost"
    client.warehouses.edit(made.id, name="renamed", cluster_size="Medium")
    got = client.warehouses.get(made.id)
    assert (got.name, got.cluster_size, got.auto_stop_mins) == ("renamed", "Medium", 30)
    # Two warehouses are two processes, and both see the same tables.
    assert len({node["pid"] for node in nodes(server)}) == 2
    execute(server, "CREATE TABLE main.default.shared AS SELECT 7 AS n")
    assert execute(server, "SELECT n FROM main.default.shared", made.id)[1] == [["7"]]
    with pytest.raises(Exception, match="auto_stop_mins"):
        client.warehouses.create(name="third", auto_stop_mins=3)
    with pytest.raises(Exception, match="already"):
        client.warehouses.create(name="renamed")
    server.stop()
    server.start()
    client = WorkspaceClient(host=server.status["http_url"], token=server.token)
    assert {w.name for w in client.warehouses.list()} == {"Starter Warehouse", "renamed"}
    # A name in use is refused for another one, and its own is none.
    with pytest.raises(Exception, match="already"):
        client.warehouses.edit(made.id, name="Starter Warehouse")
    client.warehouses.edit(made.id, name="renamed", auto_stop_mins=45)


def test_a_deleted_warehouse_is_gone_with_its_process_and_its_statements(server, client):
    made = client.warehouses.create_and_wait(name="short-lived")
    pid = next(node["pid"] for node in nodes(server) if node["warehouse_id"] == made.id)
    answers = []
    thread = threading.Thread(target=lambda: answers.append(execute(server, LONG, made.id)))
    thread.start()
    wait_until(lambda: client.warehouses.get(made.id).num_active_sessions > 0)
    client.warehouses.delete(made.id)
    # It is listed as DELETING until its process has ended, then no more.
    assert {w.state for w in client.warehouses.list() if w.id == made.id} <= {State.DELETING}
    for call in (client.warehouses.get, client.warehouses.start, client.warehouses.delete):
        with pytest.raises(Exception, match="not found"):
            call(made.id)
    wait_until(lambda: made.id not in {w.id for w in client.warehouses.list()})
    assert not is_alive(pid)
    thread.join()
    assert answers[0][0]["state"] == "FAILED" and "NODE_LOST" in answers[0][0]["error"]["message"]
    with pytest.raises(Exception, match="not found"):
        client.statement_execution.execute_statement("SELECT 1", made.id)
    again = client.warehouses.create(name="short-lived")
    assert again.id != made.id


def test_a_grant_taken_back_counts_for_the_next_statement(server, client):
    url = server.status["http_url"]
    reader = WorkspaceClient(host=url, token=user_token(url, server.token, "reader@example.com"))
    warehouse = server.status["warehouses"][0]["id"]
    for text in ("CREATE TABLE main.default.granted AS SELECT 1 AS n",
                 "GRANT USE CATALOG ON CATALOG main TO `reader@example.com`",
                 "GRANT USE SCHEMA ON SCHEMA main.default TO `reader@example.com`"):
        assert execute(server, text)[0]["state"] == "SUCCEEDED"

    def may_read():
        answer = reader.statement_execution.execute_statement("SELECT n FROM main.default.granted", warehouse)
        return answer.status.state.value == "SUCCEEDED"
    for _ in range(5):
        assert not may_read()
        execute(server, "GRANT SELECT ON TABLE main.default.granted TO `reader@example.com`")
        assert may_read()
        execute(server, "REVOKE SELECT ON TABLE main.default.granted FROM `reader@example.com`")


def test_no_process_outlives_its_server(server):
    pid = pid_of_node(server)
    os.kill(server.status["pid"], signal.SIGKILL)
    wait_until(lambda: not is_alive(pid))
    server.start()
    pid = pid_of_node(server)
    server.stop()
    wait_until(lambda: not is_alive(pid))


def test_only_nodes_are_let_in(server, tmp_path):
    """A client without a certificate, and one whose certificate is not of this server, get no line."""
    url = server.status["https_url"].removeprefix("https://")
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                    "-keyout", key, "-out", cert, "-subj", "/CN=tarn-node-x", "-days", "1"],
                   check=True, capture_output=True)
    before = len(nodes(server))
    done = subprocess.run([str(PROGRAM), "node", url, server.status["ca_file"], cert, key, tmp_path],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 1 and "CONNECTION_FAILED" in done.stderr
    assert execute(server, "SELECT 1")[1] == [["1"]] and len(nodes(server)) == before


def sockets_of(pid):
    links = []
    for name in os.listdir(f"/proc/{pid}/fd"):
        try:
            links.append(os.readlink(f"/proc/{pid}/fd/{name}"))
        except FileNotFoundError:
            continue
    return {link for link in links if link.startswith("socket:")}


def test_a_node_has_none_of_the_servers_sockets(server):
    with requests.Session() as session:
        session.get(server.status["http_url"] + "/.well-known/databricks-config", timeout=60)
        # One that starts while connections are open.
        os.kill(pid_of_node(server), signal.SIGKILL)
        wait_until(lambda: execute(server, "SELECT 1")[1] == [["1"]])
        served = sockets_of(server.status["pid"])
        assert len(served) >= 3
        assert not served & sockets_of(pid_of_node(server))


def test_nodes_start_though_the_program_was_built_anew(tmp_path):
    folder = PROGRAM.resolve().parent
    program = tmp_path / "tarn"
    shutil.copy(folder / "tarn", program)
    (tmp_path / "lib").symlink_to(folder / "lib")
    server = TarnProcess(tmp_path / "data", "--sample-data", "", program=program)
    server.start()
    try:
        killed = pid_of_node(server)
        program.unlink()
        program.write_text("#!/bin/sh\nexit 1\n")
        program.chmod(0o755)
        os.kill(killed, signal.SIGKILL)
        wait_until(lambda: not is_alive(killed))
        wait_until(lambda: execute(server, "SELECT 1")[1] == [["1"]])
    finally:
        shutil.copy(folder / "tarn", tmp_path / "again")
        (tmp_path / "again").replace(program)
        server.stop()
