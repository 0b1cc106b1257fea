#!/usr/bin/env python3
"""Measures what CONTRIBUTING.md says of build times, and prints its table rows.

Usage: tools/measure_build.py [--jobs N] [touched|clean]...      default: both
  clean     configures and builds the preset dev in a folder of its own, without the compiler cache
  touched   changes one .cc of a module in build/ci, builds its test and runs it, without the cache

The machine should be quiet; CPU seconds are printed too, since they vary less.
"""
import argparse
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import time

_ROOT = pathlib.Path(__file__).resolve().parents[1]
_CLEAN = _ROOT / "build/measured"
# A file in the middle of the graph, one at its bottom, and one that sees DuckDB's headers.
_TOUCHED = ["src/base/json.cc", "src/delta/log.cc", "src/engine/duckdb/emit_plan.cc"]


def _timed(*commands):
    """(wall seconds, CPU seconds) of commands that must succeed."""
    environment = {**os.environ, "CCACHE_DISABLE": "1"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.monotonic()
    for command in commands:
        done = subprocess.run([str(word) for word in command], cwd=_ROOT, env=environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode != 0:
            sys.exit(f"{command}:\n{done.stdout[-4000:]}")
    wall = time.monotonic() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _row(what, times):
    print(f"| {what} | {times[0]:.0f} | {times[1]:.0f} |", flush=True)


def _measure_clean(jobs):
    shutil.rmtree(_CLEAN, ignore_errors=True)
    try:
        _row("clean build, preset `dev`", _timed(["cmake", "--preset", "dev", "-B", _CLEAN],
                                                 ["cmake", "--build", _CLEAN, "--parallel", jobs]))
    finally:
        shutil.rmtree(_CLEAN, ignore_errors=True)


def _measure_touched(jobs):
    for name in _TOUCHED:
        module = name.split("/")[1]
        target = f"{module}_test"
        build = ["cmake", "--build", "build/ci", "--parallel", jobs, "--target", target]
        _timed(build)
        os.utime(_ROOT / name)
        _row(f"touched `{name}` to the result of `{target}`",
             _timed(build, [f"build/ci/src/{module}/{target}"]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("what", nargs="*", choices=["clean", "touched", []])
    options = parser.parse_args()
    what = options.what or ["touched", "clean"]
    print(f"load {os.getloadavg()[0]:.1f}\n| what | seconds | CPU seconds |\n|---|---|---|")
    if "touched" in what:
        _measure_touched(options.jobs)
    if "clean" in what:
        _measure_clean(options.jobs)


if __name__ == "__main__":
    main()
