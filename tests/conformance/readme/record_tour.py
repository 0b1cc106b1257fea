#!/usr/bin/env python3
"""Writes flight_answers.json: what Apache Spark answers to the SELECTs of the tour and of flight_queries.sql.

    tools/setup/setup.sh --profile oracle
    ~/.cache/tarn/deps/oracle/bin/python tests/conformance/readme/record_tour.py
"""
import datetime
import decimal
import json
import pathlib
import re
import sys

from pyspark.sql import SparkSession

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))
import tour  # noqa: E402 - beside this file
from fixtures.deps import DEPS  # noqa: E402

ANSWERS = pathlib.Path(__file__).with_name("flight_answers.json")
# The program's own declarations of the sample tables.
_SAMPLE_DATA = tour.ROOT / "src/app/sample_data.cc"


def _columns():
    """{table: columns as DDL}"""
    source = re.sub(r'"\s+"', "", _SAMPLE_DATA.read_text())
    return dict(re.findall(r'\{"(\w+)",\s*"[^"]*",\s*"([^"]*)"\}', source))


def _neutral(value):
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, (datetime.date, datetime.datetime)):
        return value.isoformat()
    return value


def main():
    spark = (SparkSession.builder.master("local[2]").config("spark.ui.enabled", False)
             .config("spark.sql.session.timeZone", "UTC").config("spark.driver.memory", "1g")
             .config("spark.sql.shuffle.partitions", 2).config("spark.ui.showConsoleProgress", False).getOrCreate())
    for table, columns in _columns().items():
        frame = spark.read.csv(str(DEPS / f"nycflights13/{table}.csv"), schema=columns, header=True, nullValue="NA")
        frame.cache().createOrReplaceTempView(table)
    answers = []
    for sql in tour.flight_queries():
        frame = spark.sql(sql.replace(tour.SAMPLES, ""))
        answers.append({"sql": sql, "columns": [[f.name, f.dataType.simpleString()] for f in frame.schema.fields],
                        "rows": [[_neutral(value) for value in row] for row in frame.collect()]})
        print(f"{len(answers[-1]['rows']):>5} rows  {sql.split(chr(10))[0]}", flush=True)
    lines = ",\n".join(json.dumps(answer, ensure_ascii=False) for answer in answers)
    ANSWERS.write_text(f'{{"spark": "{spark.version}", "answers": [\n{lines}\n]}}\n')


if __name__ == "__main__":
    main()
