"""kill -9 of the server while it commits: what was acknowledged is there, nothing else shows."""

import os
import random
import signal
import subprocess
import threading
import time

import pytest
import requests

from fixtures.tarn_server import PROGRAM, TarnProcess

ROUNDS = int(os.environ.get("TARN_CRASH_ROUNDS", "20"))


@pytest.fixture
def server(tmp_path):
    server = TarnProcess(tmp_path / "data", "--sample-data", "")
    server.start()
    yield server
    server.stop()


def execute(server, text, timeout=30):
    answer = requests.post(
        f"{server.status['http_url']}/api/2.0/sql/statements", timeout=timeout,
        headers={"Authorization": f"Bearer {server.token}"},
        json={"statement": text, "warehouse_id": server.status["warehouses"][0]["id"], "wait_timeout": "30s"}).json()
    if answer["status"]["state"] != "SUCCEEDED":
        pytest.fail(str(answer))
    return answer["result"]["data_array"]


def kill(server):
    os.kill(server.status["pid"], signal.SIGKILL)
    while subprocess.run(["kill", "-0", str(server.status["pid"])], capture_output=True).returncode == 0:
        time.sleep(0.005)


def test_acknowledged_commits_survive_kill_9(server):
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    chance = random.Random(seed)
    execute(server, "CREATE TABLE main.default.log (n INT)")
    acknowledged, attempted = set(), set()
    number = 0
    for _ in range(ROUNDS):
        stop = threading.Event()

        def write():
            nonlocal number
            while not stop.is_set():
                number += 1
                attempted.add(number)
                try:
                    execute(server, f"INSERT INTO main.default.log VALUES ({number})")
                except (requests.RequestException, ValueError):
                    return  # the server was killed under this statement
                acknowledged.add(number)

        writer = threading.Thread(target=write)
        writer.start()
        time.sleep(chance.uniform(0, 0.15))
        kill(server)
        stop.set()
        writer.join()
        server.start()
        found = [int(row[0]) for row in execute(server, "SELECT n FROM main.default.log")]
        assert len(found) == len(set(found)), "a commit is there twice"
        assert acknowledged <= set(found) <= attempted
    assert acknowledged, "no commit was acknowledged: the test tested nothing"


def test_eight_writers_lose_nothing(server):
    execute(server, "CREATE TABLE main.default.busy (writer INT, n INT)")
    failures = []

    def write(writer):
        try:
            for n in range(10):
                execute(server, f"INSERT INTO main.default.busy VALUES ({writer}, {n})")
        except BaseException as failure:  # pytest's own failures are no Exception
            failures.append(failure)

    threads = [threading.Thread(target=write, args=(w,)) for w in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert execute(server, "SELECT count(*), count(DISTINCT writer * 100 + n) FROM main.default.busy") == [["80", "80"]]


def test_two_servers_on_one_folder(server):
    second = subprocess.run([str(PROGRAM), "server", "--data-dir", str(server.data_dir), "--http-port", "0",
                             "--https-port", "0"], capture_output=True, text=True, timeout=20)
    assert second.returncode == 1
    assert "DATA_FOLDER_IN_USE" in second.stderr and str(server.status["pid"]) in second.stderr
    assert execute(server, "SELECT 1") == [["1"]]


def test_port_in_use(server, tmp_path):
    port = server.status["http_url"].rsplit(":", 1)[1]
    second = subprocess.run([str(PROGRAM), "server", "--data-dir", str(tmp_path / "other"), "--http-port", port,
                             "--https-port", "0"], capture_output=True, text=True, timeout=20)
    assert second.returncode == 1 and "LISTEN_FAILED" in second.stderr


def test_metadata_survives_a_restart(server):
    execute(server, "CREATE SCHEMA main.kept COMMENT 'still here'")
    execute(server, "CREATE TABLE main.kept.t (a INT)")
    token = server.token
    server.stop()
    server.start()
    assert server.token == token
    assert execute(server, "SHOW TABLES IN main.kept") == [["kept", "t", "false"]]


def test_a_data_folder_of_a_later_release_is_refused(server):
    import sqlite3
    server.stop()
    database = sqlite3.connect(server.data_dir / "metadata.db")
    database.execute("PRAGMA user_version = 999999")
    database.commit()
    database.close()
    refused = subprocess.run([str(PROGRAM), "server", "--data-dir", str(server.data_dir), "--http-port", "0",
                              "--https-port", "0"], capture_output=True, text=True, timeout=20)
    assert refused.returncode == 1 and "DATA_FOLDER_TOO_NEW" in refused.stderr


def test_a_gap_in_the_log_and_a_damaged_file_are_named(server):
    execute(server, "CREATE TABLE main.default.hurt (n INT)")
    for n in range(3):
        execute(server, f"INSERT INTO main.default.hurt VALUES ({n})")
    location = execute(server, "DESCRIBE DETAIL main.default.hurt")[0][4]

    def fails_with(reason):
        with pytest.raises(pytest.fail.Exception, match=reason):
            execute(server, "SELECT * FROM main.default.hurt")

    server.stop()
    log = f"{location}/_delta_log"
    hidden = f"{log}/00000000000000000002.json"
    os.rename(hidden, hidden + ".away")
    server.start()
    fails_with("DELTA_VERSIONS_NOT_CONTIGUOUS")
    with open(hidden, "w") as damaged:
        damaged.write('{"add":')
    fails_with("DELTA_LOG_CORRUPT")
    os.rename(hidden + ".away", hidden)
    data = next(name for name in os.listdir(location) if name.endswith(".parquet"))
    with open(f"{location}/{data}", "r+b") as file:
        file.write(b"XXXX" * 8)
        file.truncate(40)
    fails_with("FAILED_READ_FILE")
