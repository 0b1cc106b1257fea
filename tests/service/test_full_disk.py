"""A full disk: statements fail with a reason, no table is torn, and space that is freed is used again.

The data folder is a small file system in memory, mounted where only the server sees it.
"""

import json
import os
import pathlib
import signal
import subprocess
import time

import pytest
import requests

from conftest import PROGRAM, START_TIMEOUT_S, Service, StatementFailed, Statements

SIZE_BYTES = 24 << 20
CAN_MOUNT = pathlib.Path(__file__).with_name("can_mount.sh")
# What a full disk may be called, whoever meets it first: a table's file, the log, or the metadata.
REASON = "OUT_OF_SPACE"


class SmallDiskService(Service):
    """The server sees a small disk at its data folder; `folder` is the way there from outside."""

    def start(self):
        self.data_dir.mkdir(parents=True, exist_ok=True)
        mount = f"mount -t tmpfs -o size={SIZE_BYTES} tarn '{self.data_dir}' && exec \"$@\""
        self.process = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "sh", "-c", mount, "sh", str(PROGRAM), "server",
             "--data-dir", str(self.data_dir), "--http-port", "0", "--https-port", "0", "--loopback-443", "off",
             *self.options[2:]],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.folder = pathlib.Path(f"/proc/{self.process.pid}/root{self.data_dir}")
        deadline = time.monotonic() + START_TIMEOUT_S
        while not (self.folder / "server.json").exists():
            assert self.process.poll() is None and time.monotonic() < deadline, "the server did not start"
            time.sleep(0.02)
        self.status = json.loads((self.folder / "server.json").read_text())
        self.statements = Statements(self)
        return self.status

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=START_TIMEOUT_S)

    @property
    def token(self):
        return (self.folder / "admin.token").read_text().strip()

    def free_bytes(self):
        space = os.statvfs(self.folder)
        return space.f_bavail * space.f_frsize

    def leave(self, free):
        """Fills the disk up to `free` bytes with a file of ours."""
        filler = self.folder / "filler"
        filler.unlink(missing_ok=True)
        with open(filler, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, self.free_bytes() - free))

    def empty(self):
        (self.folder / "filler").unlink(missing_ok=True)


@pytest.fixture
def small_disk(tmp_path):
    if subprocess.run([str(CAN_MOUNT)], check=False).returncode != 0:
        pytest.skip("this user may not mount a file system")
    server = SmallDiskService(tmp_path / "data", "--allowed-folders", str(tmp_path), "--memory-limit", str(256 << 20))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def rows(small_disk):
    """Some rows in a table; whatever else fails, they stay as they are."""
    small_disk.run_statement("CREATE TABLE main.default.kept AS "
                             "SELECT id AS n, sha2(CAST(id AS STRING), 256) AS text FROM range(1000)")
    return small_disk


def fails(server, text, advice="Free space"):
    """The reason, and what to do about it."""
    with pytest.raises(StatementFailed) as failure:
        server.run_statement(text)
    assert f"[{REASON}]" in failure.value.message and advice in failure.value.message, failure.value.message
    assert "SQLSTATE: 53100" in failure.value.message, failure.value.message


def is_kept(server, count=1000):
    assert server.run_statement("SELECT count(*), count(DISTINCT text) FROM main.default.kept") == [
        [str(count), str(count)]]


def test_a_write_that_does_not_fit_leaves_the_table_as_it_was(small_disk):
    server = small_disk
    server.run_statement("CREATE TABLE main.default.big (n BIGINT, text STRING)")
    big = "INSERT INTO main.default.big SELECT id, sha2(CAST(id AS STRING), 256) FROM range(40000)"
    done = 0
    with pytest.raises(StatementFailed, match=REASON):
        for _ in range(SIZE_BYTES // 1_000_000):
            server.run_statement(big)
            done += 1
    assert done > 0
    assert server.run_statement("SELECT count(*) FROM main.default.big") == [[str(done * 40_000)]]
    versions = server.run_statement("DESCRIBE HISTORY main.default.big")
    assert len(versions) == done + 1


def test_every_point_at_which_space_may_end(small_disk):
    """From no room at all to enough for a commit, page by page: an answer is a commit or an error."""
    server = small_disk
    server.run_statement("CREATE TABLE main.default.t (n INT)")
    acknowledged, refused, tried = set(), 0, set()
    for number, free in enumerate(range(0, 120 << 10, 4 << 10)):
        server.leave(free)
        tried.add(number)
        try:
            server.run_statement(f"INSERT INTO main.default.t VALUES ({number})")
            acknowledged.add(number)
        except StatementFailed as failure:
            assert REASON in failure.message, failure.message
            refused += 1
        finally:
            server.empty()
        found = [int(row[0]) for row in server.run_statement("SELECT n FROM main.default.t")]
        assert len(found) == len(set(found))
        assert set(found) == acknowledged, f"with {free} bytes left"
    assert refused > 0 and acknowledged, (refused, acknowledged)
    server.run_statement("INSERT INTO main.default.t VALUES (-1)")
    assert server.run_statement("SELECT count(*) FROM main.default.t") == [[str(len(acknowledged) + 1)]]


def test_metadata_on_a_full_disk(small_disk):
    server = small_disk
    server.leave(0)
    with pytest.raises(StatementFailed, match=REASON):
        for number in range(1000):
            server.run_statement(f"CREATE SCHEMA main.s{number}")
    server.empty()
    server.run_statement("CREATE SCHEMA main.after")
    assert ["after"] in server.run_statement("SHOW SCHEMAS IN main")


def test_copy_into_and_ctas_that_do_not_fit(rows, tmp_path):
    server = rows
    file = tmp_path / "big.csv"
    file.write_text("n,text\n" + "".join(f"{n},{n:064}\n" for n in range(100_000)))
    copy = (f"COPY INTO main.default.kept FROM '{file}' FILEFORMAT = CSV "
            "FORMAT_OPTIONS ('header' = 'true', 'inferSchema' = 'true')")
    server.leave(64 << 10)
    fails(server, copy)
    fails(server, "CREATE TABLE main.default.made AS "
                  "SELECT id AS n, sha2(CAST(id AS STRING), 256) AS text FROM range(100000)")
    server.empty()
    is_kept(server)
    assert server.run_statement("SHOW TABLES IN main.default LIKE 'made'") == [], "a table that was never made"
    server.run_statement(copy)
    is_kept(server, 101_000)


def test_a_delete_that_does_not_fit(rows):
    server = rows
    server.leave(8 << 10)
    # The rows that stay are written anew.
    fails(server, "DELETE FROM main.default.kept WHERE n % 2 = 0")
    server.empty()
    is_kept(server)
    server.run_statement("DELETE FROM main.default.kept WHERE n % 2 = 0")
    is_kept(server, 500)


def test_an_upload_that_does_not_fit(rows):
    server = rows
    server.run_statement("CREATE VOLUME main.default.files")
    url = f"{server.status['http_url']}/api/2.0/fs/files/Volumes/main/default/files/big.bin"
    headers = {"Authorization": f"Bearer {server.token}"}
    server.leave(1 << 20)
    answer = requests.put(url, data=b"x" * (4 << 20), headers=headers, timeout=60)
    assert answer.status_code == 507 and answer.json()["error_code"] == "RESOURCE_EXHAUSTED", answer.text
    assert requests.get(url, headers=headers, timeout=60).status_code == 404, "half a file is there"
    assert server.free_bytes() > (1 << 20) - (256 << 10), "what was written is still there"
    server.empty()
    assert requests.put(url, data=b"x" * (4 << 20), headers=headers, timeout=60).status_code == 204
    assert requests.get(url, headers=headers, timeout=60).content == b"x" * (4 << 20)


def test_a_result_that_does_not_fit(rows):
    """Results are kept in memory at first, the rest of a large one on the disk."""
    server = rows
    server.leave(4 << 20)
    answer = server.statements.submit("SELECT id, sha2(CAST(id AS STRING), 256) FROM range(800000)",
                                      disposition="EXTERNAL_LINKS", format="CSV")
    assert answer["status"]["state"] == "FAILED", answer["status"]
    error = answer["status"]["error"]
    assert error["error_code"] == "RESOURCE_EXHAUSTED", error
    assert f"[{REASON}]" in error["message"] and "Free space" in error["message"], error
    # Its room is free again, and others are answered.
    assert server.free_bytes() > 3 << 20
    is_kept(server)


def test_a_sort_that_does_not_fit(rows):
    server = rows
    server.leave(4 << 20)
    fails(server, "SELECT sum(r) FROM (SELECT row_number() OVER (ORDER BY sha2(CAST(id AS STRING), 256)) AS r, "
                  "sha2(CAST(id + 1 AS STRING), 512) AS text FROM range(4000000)) WHERE text > 'a'")
    server.empty()
    is_kept(server)
