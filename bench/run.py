#!/usr/bin/env python3
"""`make bench`: every bench in one run, on the program that bin/tarn names. Writes no file but the data.

Usage: bench/run.py [--scale N] [BENCH...]      small_query, tpch, commits, snapshots, row_changes; default: all, scale 1
"""

import argparse
import pathlib
import sys
import tempfile

import deltalake
import duckdb
import pyarrow

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "bench")]

import commits  # noqa: E402
import harness  # noqa: E402
import row_changes  # noqa: E402
import small_query  # noqa: E402
import snapshots  # noqa: E402
import tpch_derived  # noqa: E402
from fixtures.deps import DEPS  # noqa: E402
from fixtures.tarn_server import TarnProcess  # noqa: E402

BENCHES = ("small_query", "tpch", "commits", "snapshots", "row_changes")


def connect_duckdb(extension):
    """DuckDB in this process with one pinned extension; it keeps its defaults: two threads on two cores."""
    connection = duckdb.connect(config={"allow_unsigned_extensions": "false"})
    connection.execute(f"LOAD '{next((DEPS / 'duckdb').rglob(f'{extension}.duckdb_extension'))}'")
    return connection


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--scale", type=float, default=1)
    parser.add_argument("bench", nargs="*", choices=[*BENCHES, []])
    options = parser.parse_args()
    wanted = options.bench or BENCHES
    print(f"machine: {harness.machine()}; DuckDB {duckdb.__version__}, deltalake {deltalake.__version__}")
    data = ROOT / "build/bench-data" / f"tpch-{options.scale:g}"
    data.mkdir(parents=True, exist_ok=True)
    logs = ROOT / "build/bench-data/logs"
    logs.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tarn-bench-") as folder:
        server = TarnProcess(f"{folder}/data", "--allowed-folders", f"{data}:{logs}")
        server.start()
        try:
            if "small_query" in wanted:
                figures = small_query.run(server, connect_duckdb("delta"))
                harness.print_figures("Small queries over loopback, one connection; DuckDB in process", figures)
            if "commits" in wanted:
                figures = commits.run(server, folder, deltalake, pyarrow)
                harness.print_figures("Time of a commit of ten rows; ours are flushed to the disk, the peer's are not", figures)
            if "snapshots" in wanted:
                figures = snapshots.run(server, connect_duckdb("delta"), deltalake, logs)
                harness.print_figures("Snapshots of tables of many files, cold and after one more commit", figures)
            if "row_changes" in wanted:
                figures = row_changes.run(server, folder, deltalake, pyarrow)
                harness.print_figures("Rows changed, of two million", figures)
            if "tpch" in wanted:
                connection = connect_duckdb("tpch")
                connection.execute(f"LOAD '{next((DEPS / 'duckdb').rglob('delta.duckdb_extension'))}'")
                figures = tpch_derived.run(server, connection, data, options.scale)
                harness.print_figures(f"Derived from TPC-H, scale {options.scale:g}, tables written by Tarn, warm",
                                      figures)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
