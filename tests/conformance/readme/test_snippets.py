"""Every snippet that `tarn up` prints is run exactly as printed."""

import os
import pathlib
import re
import socket
import subprocess
import sys
import textwrap
import time

import pytest

from fixtures.tarn_server import ROOT, TarnProcess

_TITLES = ("Python SDK", "SQL connector", "Terminal")


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
        yield server.run("up").stdout, server.data_dir
    finally:
        server.stop()


@pytest.mark.parametrize("title", _TITLES)
def test_a_snippet_runs_as_printed(printed, title):
    text, data_dir = printed
    environment = {**os.environ, "PATH": f"{pathlib.Path(sys.executable).parent}:{os.environ['PATH']}",
                   "TARN_DATA_DIR": str(data_dir)}
    done = subprocess.run(["bash", "-c", _snippets(text)[title]], cwd=ROOT, env=environment, capture_output=True,
                          text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "336776" in done.stdout
