#!/usr/bin/env python3
"""Fills *.slt files with what Apache Spark answers: types, names and rows of queries, classes of errors.

    tools/setup/setup.sh --profile oracle
    ~/.cache/tarn/deps/oracle/bin/python tests/sql/record_spark.py tests/sql/functions/*.slt

Statements stay as they are; a record `query ?` or `statement error ?` is a new one; a line `names`
asks for names. Comments and directives are kept. Only files that need no table of Tarn's can be recorded.
"""
import logging
import pathlib
import sys

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession, functions, types

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from runner.cell_text import cell_text  # noqa: E402
from runner.slt_file import escape  # noqa: E402
from runner.spark_value import plain_value  # noqa: E402

_INTERVALS = (types.DayTimeIntervalType, types.YearMonthIntervalType)


def _answer(spark, sql, with_names):
    """The lines that stand for what Spark says."""
    try:
        frame = spark.sql(sql)
        fields = list(frame.schema.fields)
        if any(isinstance(f.dataType, _INTERVALS) for f in fields):
            shown = frame.toDF(*[f"c{i}" for i in range(len(fields))])
            frame = shown.select([functions.col(f"c{i}").cast("string") if isinstance(f.dataType, _INTERVALS)
                                  else functions.col(f"c{i}") for i, f in enumerate(fields)])
        rows = frame.collect()
    except PySparkException as error:
        return [f"statement error {error.getCondition() or 'INTERNAL_ERROR'}", sql]
    except Exception as error:  # noqa: BLE001 what the JVM throws unwrapped has no class
        print(f"no class: {sql}: {str(error)[:200]}", file=sys.stderr)
        return ["statement error INTERNAL_ERROR", sql]
    lines = []
    if with_names and not any("\n" in f.name or "\t" in f.name for f in fields):
        lines.append("names " + "\t".join(f.name for f in fields))
    lines += ["query " + ",".join(f.dataType.simpleString() for f in fields), sql, "----"]
    for row in rows:
        cells = [escape(cell_text(plain_value(v, f.dataType), f.dataType.simpleString()))
                 for v, f in zip(row, fields)]
        lines.append("\t".join(cells))
    return lines


def _recorded(spark, text):
    out = []
    for block in text.strip("\n").split("\n\n"):
        lines = block.splitlines()
        at = next((i for i, line in enumerate(lines) if line.startswith(("query", "statement error"))), None)
        if at is None:
            out.append(block)
            continue
        keep = [line for line in lines[:at] if not line.startswith("names")]
        sort = " rowsort" if lines[at].endswith(" rowsort") else ""
        body = lines[at + 1:]
        sql = "\n".join(body[:body.index("----")] if "----" in body else body)
        answer = _answer(spark, sql, len(keep) < at)
        if sort:
            query = next(i for i, line in enumerate(answer) if line.startswith(("query", "statement")))
            answer[query] += sort
        out.append("\n".join(keep + answer))
    return "\n\n".join(out) + "\n"


def main():
    spark = (SparkSession.builder.master("local[1]").appName("record")
             .config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false").config("spark.driver.memory", "1g")
             .config("spark.sql.debug.maxToStringFields", "1000")
             .config("spark.sql.shuffle.partitions", "1")
             .config("spark.sql.session.timeZone", "UTC").getOrCreate())
    spark.sparkContext.setLogLevel("OFF")
    logging.getLogger("SQLQueryContextLogger").disabled = True
    for name in sys.argv[1:]:
        path = pathlib.Path(name)
        path.write_text(_recorded(spark, path.read_text()))
        print("recorded", name, "with Spark", spark.version, file=sys.stderr)


if __name__ == "__main__":
    main()
