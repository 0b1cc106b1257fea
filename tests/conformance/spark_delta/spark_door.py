#!/usr/bin/env python3
"""Spark for a test of another Python: one JSON request a line on standard input, one answer a line.

Started by with_spark/conftest.py. Requests: {"sql"} or {"schema_of"}. Answers: {"columns", "rows"},
{"schema"} or {"error_class", "message"}.
"""

import json
import os
import sys

from spark_session import Spark, SparkFailed


def _answer(spark, request):
    try:
        if "schema_of" in request:
            return {"schema": spark.schema(request["schema_of"])}
        columns, rows = spark.run(request["sql"])
    except SparkFailed as error:
        return {"error_class": error.error_class, "message": str(error)[:2000]}
    return {"columns": columns, "rows": rows}


def main():
    # Whatever the JVM and its loggers print must not get between the answers.
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    spark = Spark(sys.argv[1])
    print(json.dumps({"spark": spark.version, "delta": spark.delta_version}), file=out, flush=True)
    for line in sys.stdin:
        print(json.dumps(_answer(spark, json.loads(line))), file=out, flush=True)
    spark.stop()


if __name__ == "__main__":
    main()
