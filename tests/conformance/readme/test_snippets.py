"""Every snippet that `tarn up` prints is run exactly as printed."""

import os
import re
import socket
import subprocess
import textwrap
import time

import pytest
import requests

from fixtures.tarn_server import ROOT, TarnProcess

_TITLES = ("Python SDK", "SQL connector", "Terminal")
# What a shell has on a machine where nothing but `make up` has run.
_BARE = {"HOME": os.environ.get("HOME", "/root"), "PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}


def _is_443_free():
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", 443))
        except OSError:
            return False
    return True


def _snippets(printed):
    """{title: text} of the blocks below the titles, without their indentation."""
    blocks = re.findall(r"^  (\w[\w ]+)\n((?:    .*\n)+)", printed, re.M)
    return {title: textwrap.dedent(body) for title, body in blocks}


@pytest.fixture(scope="module", params=["off", "on"])
def printed(request, tmp_path_factory):
    if request.param == "on":
        deadline = time.monotonic() + 20
        while not _is_443_free() and os.geteuid() == 0:
            assert time.monotonic() < deadline, "port 443 of loopback is taken: this test needs it"
            time.sleep(0.2)
    server = TarnProcess(tmp_path_factory.mktemp("snippets"), "--loopback-443", request.param)
    try:
        server.start()
        # The second `up` finds the server and prints the same.
        yield server.run("up").stdout, server.status
    finally:
        server.stop()


@pytest.mark.parametrize("title", _TITLES)
def test_a_snippet_runs_as_printed(printed, title):
    text, _ = printed
    done = subprocess.run(["/bin/bash", "-c", _snippets(text)[title]], cwd=ROOT, env=_BARE, capture_output=True,
                          text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "336776" in done.stdout


def test_port_443_is_served_where_it_is_said(printed, request):
    text, status = printed
    asked = request.node.callspec.params["printed"] == "on"
    # Binding it is a right of root's; CI runs as root.
    assert status["loopback_443"] == (asked and os.geteuid() == 0)
    assert (" and port 443" in text) == status["loopback_443"]
    if status["loopback_443"]:
        answer = requests.get("https://localhost:443/healthz", verify=status["ca_file"], timeout=10)
        assert answer.status_code == 200


def test_without_the_clients_it_says_what_the_snippets_need(printed):
    _, status = printed
    done = subprocess.run([str(ROOT / "bin/tarn"), "up", "--data-dir", status["data_dir"], "--client-python", "/none"],
                          env=_BARE, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "pip install databricks-sdk" in done.stdout and " python3 -c '" in done.stdout
