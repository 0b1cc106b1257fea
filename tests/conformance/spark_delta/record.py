#!/usr/bin/env python3
"""Lets Apache Spark with Delta Lake run cases/*/*.sql and keeps the tables and its answers in recorded/.

    tools/setup/setup.sh --profile oracle
    ~/.cache/tarn/deps/oracle/bin/python tests/conformance/spark_delta/record.py [CASE...]
"""

import pathlib
import shutil
import sys
import tempfile
import traceback

import answers
import archive
import script
from spark_session import Spark


def _location(spark, table):
    return pathlib.Path(spark.dicts(f"DESCRIBE DETAIL {table}")[0]["location"].removeprefix("file:"))


def record(spark, case, root):
    """Table folders are named by the table, below a folder of the case."""
    run = spark.run
    place = root / case.name
    (place / "files").mkdir(parents=True)
    run(f"CREATE DATABASE {case.name} LOCATION '{place}'")
    run(f"USE {case.name}")
    said = [answers.of_statement(run, statement, place / "files")
            for statement in case.statements if statement.runs_on("spark")]
    archive.pack(case.name, {table: _location(spark, table) for table in case.tables})
    archive.write_answers(case.name, {
        "spark": spark.version, "delta": spark.delta_version, "root": str(place),
        "statements": [one for one in said if one],
        "questions": [answers.of_question(run, sql) for sql in case.questions],
        "tables": {table: {**answers.of_table(run, table), "schema": spark.schema(table)} for table in case.tables}})
    for setting in ("RESET", f"DROP DATABASE {case.name} CASCADE", "USE default"):
        run(setting)


def main():
    root = pathlib.Path(tempfile.mkdtemp(prefix="tarn-spark-"))
    failed = []
    try:
        spark = Spark(root / "warehouse")
        for name in sys.argv[1:] or script.names():
            try:
                record(spark, script.load(name), root)
                print("recorded", name, flush=True)
            except Exception:  # the other cases are recorded
                traceback.print_exc()
                failed.append(name)
        spark.stop()
    finally:
        shutil.rmtree(root, ignore_errors=True)
    if failed:
        raise SystemExit("not recorded: " + " ".join(failed))


if __name__ == "__main__":
    main()
