"""Runs the tour of the README and compares what it shows with what is seen. With TARN_UPDATE_TOUR=1 in the
environment it writes what was seen into the README instead."""

import os
import pathlib
import re
import shlex
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]
README = ROOT / "README.md"
_BLOCK = re.compile(r"```tour\n(.*?)```", re.S)


def _run(command, data_dir):
    words = shlex.split(command)
    words[0] = str(ROOT / words[0])
    done = subprocess.run([*words, "--data-dir", data_dir], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    # Times differ from run to run.
    return re.sub(r" ?\([0-9.]+ s\)", "", done.stdout)


def test_the_readme_shows_what_is_seen(tarn_server):
    text = README.read_text()
    seen = text
    for block in _BLOCK.findall(text):
        commands = [line[2:] for line in block.splitlines() if line.startswith("$ ")]
        assert commands
        output = "".join(f"$ {command}\n{_run(command, tarn_server['data_dir'])}" for command in commands)
        seen = seen.replace(f"```tour\n{block}```", f"```tour\n{output}```")
    if os.environ.get("TARN_UPDATE_TOUR"):
        README.write_text(seen)
    assert seen == text


def test_coverage_is_what_the_program_says():
    said = subprocess.run([str(ROOT / "bin/tarn"), "coverage"], capture_output=True, text=True, check=True).stdout
    assert (ROOT / "docs/coverage/README.md").read_text() == said
