"""`tarn` without a terminal: inputs, formats and exit codes of `tarn sql`, configuration, help."""

import csv
import io
import json
import os
import pathlib
import signal
import subprocess
import time

import pytest
import requests

from fixtures.people import user_token
from fixtures.tarn_server import PROGRAM, TarnProcess

ENDLESS = "SELECT count(*) FROM range(0, 1000000000000) WHERE id % 7 = 3"


def _tarn(*words, text=None, **environment):
    return subprocess.run([str(PROGRAM), *map(str, words)], input=text, capture_output=True, text=True, timeout=60,
                          env={**os.environ, **environment})


@pytest.fixture
def sql(tarn_server):
    return lambda *words, **more: _tarn("sql", "--data-dir", tarn_server["data_dir"], *words, **more)


def test_inputs_are_run_in_their_order(sql, tmp_path):
    script = tmp_path / "a.sql"
    script.write_text("SELECT 2 AS n; -- the second\nSELECT ';' AS n;")
    done = sql("--format", "csv", "-c", "SELECT 1 AS n", script, "-", text="SELECT 4 AS n")
    assert (done.returncode, done.stdout) == (0, "n\n1\nn\n2\nn\n;\nn\n4\n")
    assert sql("--format", "csv", text="SELECT 5 AS n;").stdout == "n\n5\n"


def test_formats(sql):
    query = "SELECT 1 AS a, CAST(NULL AS STRING) AS b, '' AS c, 'x\"y,\nz' AS d, array(1, 2) AS e"
    rows = list(csv.reader(io.StringIO(sql("--format", "csv", "-c", query).stdout)))
    assert rows == [["a", "b", "c", "d", "e"], ["1", "", "", 'x"y,\nz', "[1,2]"]]
    assert json.loads(sql("--format", "json", "-c", query).stdout) == {
        "a": 1, "b": None, "c": "", "d": 'x"y,\nz', "e": [1, 2]}
    table = sql("-c", "SELECT 7 AS number, 'it' AS text").stdout
    assert table.startswith("number  text\n   INT  STRING\n──────  ──────\n     7  it\n1 row (")
    assert "number  7\ntext    it\n" in sql("--format", "vertical", "-c", "SELECT 7 AS number, 'it' AS text").stdout


def test_results_of_any_size_are_printed(sql):
    """More than a result may have inline (25 MiB), in many chunks."""
    done = sql("--format", "csv", "-c", "SELECT id, repeat('x', 2000) AS text FROM range(0, 20000)")
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert len(done.stdout) > 26214400 and len(lines) == 20001
    assert sorted(int(line.split(",")[0]) for line in lines[1:]) == list(range(20000))


@pytest.mark.parametrize("format", ["table", "csv", "json"])
def test_an_output_that_cannot_be_written_ends_with_1(tarn_server, format):
    with open("/dev/full", "w") as full:
        done = subprocess.run([str(PROGRAM), "sql", "--data-dir", tarn_server["data_dir"], "--format", format,
                               "-c", "SELECT 1; SELECT nope"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (1, "the output cannot be written\n")


def test_statements_run_as_the_owner_of_the_token(sql, tarn_server, tmp_path):
    admin_token = pathlib.Path(tarn_server["token_file"]).read_text().strip()
    token = user_token(tarn_server["http_url"], admin_token, "terminal@example.com")
    file = tmp_path / "token"
    file.write_text(token + "\n")
    who = ("--format", "csv", "-c", "SELECT current_user() AS u")
    assert sql(*who).stdout == "u\nadmin@localhost\n"
    assert sql("--token-file", file, *who).stdout == "u\nterminal@example.com\n"
    assert sql(*who, DATABRICKS_TOKEN=token).stdout == "u\nterminal@example.com\n"
    assert sql("--token-file", file, "-c", "CREATE SCHEMA samples.of_a_stranger").returncode == 1
    wrong = sql(*who, DATABRICKS_TOKEN="dapi0")
    assert wrong.returncode == 1 and "Invalid access token" in wrong.stderr
    assert sql("--token-file", tmp_path / "none", *who).returncode == 2


def test_metrics_are_shown_to_this_machine(tarn_server):
    answer = requests.get(tarn_server["http_url"] + "/metrics", timeout=60)
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = dict(line.rsplit(" ", 1) for line in answer.text.splitlines() if not line.startswith("#"))
    assert int(lines['tarn_http_requests_total{code="200"}']) > 0
    assert any(line.startswith('tarn_events_total{action="createCatalog"') for line in lines), lines


def test_a_failed_statement_ends_a_script_with_1(sql):
    done = sql("--format", "csv", "-c", "SELECT 1 AS a; SELECT nope; SELECT 2 AS a")
    assert (done.returncode, done.stdout) == (1, "a\n1\n")
    assert "[UNRESOLVED_COLUMN" in done.stderr and "\n-------^^^\n" in done.stderr and "\x1b" not in done.stderr


@pytest.mark.parametrize("words, complaint", [
    (("--format", "xml"), "a format is table, vertical, csv or json, not 'xml'"),
    (("--formt", "csv"), "there is no option --formt"),
    (("-c",), "-c needs a value"),
    (("/nowhere.sql",), "cannot read /nowhere.sql"),
    (("--warehouse", "nobody", "-c", "SELECT 1"), "there is no warehouse 'nobody'"),
])
def test_bad_usage_ends_with_2(sql, words, complaint):
    done = sql(*words)
    assert done.returncode == 2
    assert complaint in done.stderr


def test_no_server_ends_with_3(tmp_path):
    done = _tarn("sql", "--data-dir", tmp_path, "-c", "SELECT 1")
    assert done.returncode == 3
    assert f"no server runs on {tmp_path}" in done.stderr
    assert _tarn("status", "--data-dir", tmp_path).returncode == 3


def test_an_interrupt_cancels_and_ends_with_130(tarn_server):
    process = subprocess.Popen([str(PROGRAM), "sql", "--data-dir", tarn_server["data_dir"], "-c", ENDLESS],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    _, complaint = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "cancelled" in complaint


def test_a_warehouse_is_chosen_by_name(sql, tarn_server):
    done = sql("--warehouse", tarn_server["warehouses"][0]["name"], "--format", "csv", "-c", "SELECT 1 AS a")
    assert done.stdout == "a\n1\n"


def test_options_come_from_flags_then_the_file_then_the_environment(tmp_path):
    def asked(*words, **environment):
        return _tarn("status", *words, HOME=str(tmp_path), **environment).stderr

    assert "no server runs on /from-environment;" in asked(TARN_DATA_DIR="/from-environment")
    file = tmp_path / "tarn.toml"
    file.write_text('data-dir = "/from-file"\n')
    assert "no server runs on /from-file;" in asked("--config", file, TARN_DATA_DIR="/from-environment")
    assert "no server runs on /from-flag;" in asked("--config", file, "--data-dir", "/from-flag")
    (tmp_path / ".config/tarn").mkdir(parents=True)
    (tmp_path / ".config/tarn/config.toml").write_text('data-dir = "/from-home"\n')
    assert "no server runs on /from-home;" in asked(XDG_CONFIG_HOME=str(tmp_path / ".config"))


@pytest.mark.parametrize("words, environment, complaint", [
    (("--http-port", "99999"), {}, "option http-port: '99999' is not a port from 0 to 65535 (from the flag --http-port)"),
    ((), {"TARN_MEMORY_LIMIT": "lots"}, "(from the environment variable TARN_MEMORY_LIMIT)"),
    (("--log-level", "loud"), {}, "option log-level: 'loud' is not one of debug|info|warn|error"),
    (("--htp-port", "1"), {}, "there is no option '--htp-port'"),
    (("--config", "/nowhere.toml"), {}, "the configuration file /nowhere.toml cannot be read"),
])
def test_a_bad_option_is_named_with_its_origin(words, environment, complaint):
    done = _tarn("up", *words, **environment)
    assert done.returncode == 2
    assert complaint in done.stderr


def test_a_bad_file_is_named_with_its_line(tmp_path):
    file = tmp_path / "tarn.toml"
    file.write_text("# ports\nhttp-prot = 1\n")
    done = _tarn("up", "--config", file)
    assert (done.returncode, done.stderr) == (2, f"tarn: {file}:2: there is no option 'http-prot'\n")


def test_a_port_in_use_names_the_option(tarn_server, tmp_path):
    port = tarn_server["http_url"].rsplit(":", 1)[1]
    done = _tarn("up", "--data-dir", tmp_path, "--http-port", port, "--https-port", "0", "--loopback-443", "off")
    assert done.returncode == 1
    assert f"cannot listen on 127.0.0.1 port {port}: Address already in use" in done.stderr
    assert "choose another port with --http-port" in done.stderr


def test_up_without_sample_data_says_so_and_its_snippets_still_run(tmp_path):
    server = TarnProcess(tmp_path / "data", "--loopback-443", "off", "--sample-data", str(tmp_path / "none"))
    try:
        server.start()
        again = server.run("up", "--sample-data", str(tmp_path / "none")).stdout
        assert f"No sample data: {tmp_path}/none is not there. `make setup` fetches it" in again
        assert "SELECT current_user()" in again and "nycflights" not in again
        assert server.run("sql", "--format", "csv", "-c", "SELECT current_user() AS me").stdout == "me\nadmin@localhost\n"
        assert "Starter Warehouse  RUNNING" in server.run("status").stdout
    finally:
        server.stop()
    assert server.run("status", check=False).returncode == 3


def test_up_is_told_once_and_the_data_stays(tmp_path):
    server = TarnProcess(tmp_path, "--loopback-443", "off")
    options = ("--http-port", "0", "--https-port", "0", "--loopback-443", "off")
    try:
        first = server.run("up", *options).stdout
        assert "Loading the sample data\n" in first and "336,776 rows" in first
        assert "Loading" not in server.run("up", *options).stdout
        server.stop()
        assert "Loading" not in server.run("up", *options).stdout
    finally:
        server.stop()


@pytest.mark.parametrize("topic", ["up", "down", "status", "sql", "password", "server", "node", "coverage", "version", "config"])
def test_every_command_has_its_page(topic):
    assert topic == "config" or topic in _tarn("help").stdout
    page = _tarn("help", topic)
    assert page.returncode == 0 and len(page.stdout) > 60
    if topic != "config":
        assert _tarn(topic, "--help").stdout == page.stdout


def test_what_does_not_exist_is_refused():
    assert _tarn("upp").returncode == 2
    assert _tarn("help", "upp").returncode == 2
    assert "exit codes" in _tarn("help", "sql").stdout.lower()
