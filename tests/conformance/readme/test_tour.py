"""Runs the tour of the README block by block and compares what it shows with what is seen.

With TARN_UPDATE_TOUR=1 in the environment it writes what was seen into the README instead."""

import os
import re
import subprocess

import pytest

import tour
from fixtures.deps import DEPS
from fixtures.tarn_server import PROGRAM, TarnProcess

_LEAST_BLOCKS = 12


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """The home folder of somebody who has run `make up` and nothing else."""
    home = tmp_path_factory.mktemp("home")
    data = home / ".local/share/tarn"
    (home / ".cache/tarn").mkdir(parents=True)
    (home / ".cache/tarn/deps").symlink_to(DEPS)
    server = TarnProcess(data)
    try:
        server.start()
        yield home
    finally:
        server.stop()


def _seen(script, environment, home, fails):
    done = subprocess.run(["/bin/bash", "-c", environment + script], cwd=tour.ROOT, text=True, timeout=120,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          env={"HOME": str(home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"})
    assert (done.returncode != 0) == fails, done.stdout
    # Times differ from run to run.
    return re.sub(r" ?\([0-9.]+ s\)", "", done.stdout)


def test_the_readme_shows_what_is_seen(home):
    text = tour.README.read_text()
    blocks = tour.blocks(text)
    # Every fence is a block of the tour, its output, the environment, or the commands of the first chapter.
    assert len(blocks) >= _LEAST_BLOCKS and text.count("```bash tour") == len(blocks)
    environment, seen = tour.environment(text), text
    for block in blocks:
        output = _seen(block.script, environment, home, block.fails)
        seen = seen.replace(block.render(block.output), block.render(output))
    if os.environ.get("TARN_UPDATE_TOUR"):
        tour.README.write_text(seen)
    assert seen == text


def test_coverage_is_what_the_program_says():
    said = subprocess.run([str(PROGRAM), "coverage"], capture_output=True, text=True, check=True).stdout
    assert (tour.ROOT / "docs/coverage/README.md").read_text() == said
