"""One table written in turns by Apache Spark and Tarn: each statement of a case by the one or the other, read by both."""

import os

import pytest

import answers
import archive
import differences
import runs
import script

# Whose turn it is first; the other order is the other half of the pairs.
_FIRST = os.environ.get("TARN_MIXED_FIRST", "spark")
_CREATES = ("CREATE TABLE", "CREATE OR REPLACE TABLE")


class Turns:
    def __init__(self, tarn_schema, spark, case):
        self.engines = {"spark": spark.run, "tarn": tarn_schema.run}
        self.case, self.known = case, {"spark": set(), "tarn": set()}
        self.turn = _FIRST

    def run(self, statement, folder):
        if statement.sql.startswith("SET "):                # both sessions have to know
            for engine, run in self.engines.items():
                if statement.runs_on(engine):
                    run(statement.sql)
            return None
        engine = self.turn if statement.runs_on(self.turn) else self.other(self.turn)
        if self.case.parquet and engine == "tarn" and not statement.runs_on("tarn"):
            engine = "spark"
        outcome = answers.of_statement(self.engines[engine], statement, folder)
        self.turn = self.other(engine)
        if statement.sql.startswith(_CREATES):
            self.introduce(statement.sql, engine)
        return outcome

    def introduce(self, sql, maker):
        """What one engine made, the other one finds by its location."""
        words = sql.replace("(", " ").split()
        table = words[words.index("TABLE") + 1]
        self.known[maker].add(table)
        other = self.other(maker)
        if table not in self.case.tables or table in self.known[other]:
            return
        names, rows = self.engines[maker](f"DESCRIBE DETAIL {table}")
        place = rows[0][[name for name, _ in names].index("location")]
        self.engines[other](f"CREATE TABLE {table} USING DELTA LOCATION '{place}'")
        self.known[other].add(table)

    @staticmethod
    def other(engine):
        return "tarn" if engine == "spark" else "spark"


def _result(table):
    return {"columns": table["columns"], "rows": table["rows"], "versions": table["versions"],
            "operations": [[entry["version"], entry["operation"]] for entry in table["history"]]}


if not os.environ.get("TARN_WITH_SPARK"):
    pytest.skip("runs beside Apache Spark: tests/conformance/spark_delta/full_run.sh", allow_module_level=True)


@pytest.mark.parametrize("name", script.names())
def test_both_write_one_table_in_turns(tarn, spark, name):
    case, said = script.load(name), archive.read_answers(name)
    if differences.is_pending("script", name):
        print(f"pending: Tarn does not run {name} yet (pending.toml)")
        return

    def lines():
        schema = tarn.schema(f"{name}_mixed")
        spark.run(f"CREATE DATABASE mixed_{name} LOCATION '{schema.folder}/spark'")
        spark.run(f"USE mixed_{name}")
        turns = Turns(schema, spark, case)
        found = []
        for statement in case.statements:
            turns.run(statement, schema.folder)
        for table in case.tables:
            by_tarn, by_spark = answers.of_table(schema.ask, table), answers.of_now(spark.run, table)
            found += differences.of(f"{table} both", by_spark, {key: by_tarn[key] for key in by_spark})
            found += differences.of(f"{table} recorded", _result(said["tables"][table]), _result(by_tarn))
        found += runs.compared_questions(case, said, schema.ask)
        spark.run("RESET")
        return found
    differences.check("mixed", name, lines)


def test_every_accepted_difference_was_met():
    assert not differences.not_met(["mixed"])
