#!/usr/bin/env python3
"""Records what Apache Spark's analyzer says of each statement in src/plan/testdata/statements.sql:
names, types and nullability of the columns, or the error class. plan_test compares with the file
this writes, so that no JVM is needed there.

    tools/setup/setup.sh --profile oracle
    ~/.cache/tarn/deps/oracle/bin/python tests/oracle/record_spark_analysis.py
"""
import json
import logging
import pathlib
import sys

from pyspark.errors import PySparkException
from pyspark.sql import SparkSession
from pyspark.sql.types import StructType

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "src/plan/testdata"


def statements():
    for line in (FOLDER / "statements.sql").read_text().splitlines():
        if line.strip() and not line.startswith("--"):
            yield line


def answer(spark, text):
    try:
        schema = spark.sql(text).schema
    except PySparkException as error:
        params = error.getMessageParameters() or {}
        keep = ("objectName", "proposal", "name", "referenceNames", "functionName", "expectedNum",
                "actualNum", "routineName", "relationName", "expression")
        return {"error": error.getCondition(), "state": error.getSqlState(),
                "params": {k: v for k, v in params.items() if k in keep}}
    return {"columns": [[f.name, f.dataType.simpleString(), f.nullable] for f in schema.fields]}


def main():
    spark = (SparkSession.builder.master("local[1]").appName("record")
             .config("spark.ui.enabled", "false").config("spark.driver.memory", "1g")
             .config("spark.sql.debug.maxToStringFields", "1000")
             .config("spark.sql.session.timeZone", "UTC").getOrCreate())
    spark.sparkContext.setLogLevel("OFF")
    logging.getLogger("SQLQueryContextLogger").disabled = True
    for name, schema in json.loads((FOLDER / "fixture.json").read_text()).items():
        spark.createDataFrame([], StructType.fromJson(schema)).createOrReplaceTempView(name)
    with open(FOLDER / "spark_answers.jsonl", "w") as out:
        for ansi in (True, False):
            spark.conf.set("spark.sql.ansi.enabled", str(ansi).lower())
            for text in statements():
                row = {"sql": text, "ansi": ansi, **answer(spark, text)}
                out.write(json.dumps(row, ensure_ascii=False) + "\n")
    print("recorded with Spark", spark.version, file=sys.stderr)


if __name__ == "__main__":
    main()
