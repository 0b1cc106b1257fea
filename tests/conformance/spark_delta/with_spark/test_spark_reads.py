"""What Tarn's run of the statements left, read by Apache Spark with delta-spark: the rows and schemas of Spark's own run."""

import os

import pytest

import answers
import archive
import differences
import runs
import script


def _of_spark(spark, table):
    """Rows of each version, schema and the operations; numbers of the history are Tarn's own here."""
    found = answers.of_table(spark.run, table)
    return {"columns": found["columns"], "rows": found["rows"], "versions": found["versions"],
            "schema": spark.schema_of(table), "features": found["detail"]["tableFeatures"],
            "operations": [[entry["version"], entry["operation"]] for entry in found["history"]]}


def _recorded(said):
    return {"columns": said["columns"], "rows": said["rows"], "versions": said["versions"], "schema": said["schema"],
            "features": said["detail"]["tableFeatures"],
            "operations": [[entry["version"], entry["operation"]] for entry in said["history"]]}


if not os.environ.get("TARN_WITH_SPARK"):
    pytest.skip("runs beside Apache Spark: tests/conformance/spark_delta/full_run.sh", allow_module_level=True)


@pytest.mark.parametrize("name", script.names())
def test_spark_reads_what_tarn_wrote(tarn, spark, name):
    case, said = script.load(name), archive.read_answers(name)
    if differences.is_pending("script", name):
        print(f"pending: Tarn does not run {name} yet (pending.toml)")
        return

    def lines():
        schema, _ = runs.built(tarn, case, said, "_spark")
        spark.run(f"CREATE DATABASE tarn_{name}")
        spark.run(f"USE tarn_{name}")
        found = []
        for table in case.tables:
            spark.run(f"CREATE TABLE {table} USING delta LOCATION '{schema.location(table)}'")
            found += differences.of(table, _recorded(said["tables"][table]), _of_spark(spark, table))
        found += runs.compared_questions(case, said, spark.run)
        return found
    differences.check("spark", name, lines)


def test_every_accepted_difference_was_met():
    assert not differences.not_met(["spark"])
