"""A case on Tarn: the tables that Spark left, or the statements run anew."""

import os
import shutil

import answers
import archive
import differences
import log_shape


def adopted(tarn, case, said):
    """The tables of the case as Spark left them, in a schema of their own."""
    schema = tarn.schema(f"{case.name}_read")
    archive.unpack(case.name, schema.folder, said["root"])
    for table in case.tables:
        schema.ask(f"CREATE TABLE {table} USING DELTA LOCATION '{schema.folder / table}'")
    return schema


def built(tarn, case, said, suffix=""):
    """(schema, what the statements answered): Tarn runs the statements of the case."""
    schema = tarn.schema(f"{case.name}{suffix}")
    if case.parquet:
        table, name = case.parquet
        archive.unpack(case.name, schema.folder / "unpacked", said["root"])
        os.rename(schema.folder / "unpacked" / table, schema.folder / name)
        shutil.rmtree(schema.folder / name / "_delta_log")
    outcomes = [answers.of_statement(schema.run, statement, schema.folder)
                for statement in case.statements if statement.runs_on("tarn")]
    return schema, [one for one in outcomes if one]


def compared_answers(case, said, ours):
    """`ours(table)` gives answers.of_table."""
    lines = []
    for table in case.tables:
        spark = {key: value for key, value in said["tables"][table].items() if key != "schema"}
        lines += differences.of(table, spark, ours(table))
    return lines


def compared_questions(case, said, run):
    lines = []
    for sql, theirs in zip(case.questions, said["questions"]):
        try:
            lines += differences.of(f"question {sql}", theirs, answers.of_question(run, sql))
        except Exception as error:
            if not hasattr(error, "error_class"):
                raise
            lines.append(f"question {sql}: fails: {error.error_class}")
    return lines


def compared_logs(case, said, schema, unpacked):
    lines = []
    for table in case.tables:
        mine, theirs = schema.location(table), unpacked / table
        lines += differences.of(f"{table} log", log_shape.commits(theirs), log_shape.commits(mine))
        lines += differences.of(f"{table} files", log_shape.files(theirs), log_shape.files(mine))
    return lines
