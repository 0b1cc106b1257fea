"""A case on Tarn: the tables that Spark left, or the statements run anew."""

import json
import os
import shutil
import time
import urllib.parse

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


def _back_to_parquet(folder):
    """The files that were there before the first version named them; without a log."""
    first = (folder / "_delta_log/00000000000000000000.json").read_text().splitlines()
    named = {urllib.parse.unquote(json.loads(line)["add"]["path"]) for line in first if line.startswith('{"add"')}
    shutil.rmtree(folder / "_delta_log")
    for path in list(folder.rglob("*.parquet")):
        if str(path.relative_to(folder)) not in named:
            path.unlink()


def _files(folder, wanted):
    """Checkpoints and checksums come after their commits: they are waited for."""
    for _ in range(20):
        found = log_shape.files(folder)
        if found == wanted:
            break
        time.sleep(0.1)
    return found


def built(tarn, case, said, suffix=""):
    """(schema, what the statements answered): Tarn runs the statements of the case."""
    schema = tarn.schema(f"{case.name}{suffix}")
    if case.parquet:
        table, name = case.parquet
        archive.unpack(case.name, schema.folder / "unpacked", said["root"])
        os.rename(schema.folder / "unpacked" / table, schema.folder / name)
        _back_to_parquet(schema.folder / name)
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
        wanted = log_shape.files(theirs)
        lines += differences.of(f"{table} files", wanted, _files(mine, wanted))
    return lines
