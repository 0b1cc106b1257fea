"""The statements that Spark ran, run by Tarn: the same rows, errors and history, and the same actions in the log."""

import pytest

import answers
import archive
import differences
import log_shape
import runs
import script


def _without_times(said):
    """Two runs of the same statements are at other times, and of other sizes."""
    for entry in said["history"]:
        for name in ("timestamp", "operationMetrics", "operationParameters"):    # the log's are compared
            entry.pop(name)
    said["detail"].pop("sizeInBytes")
    properties = said["detail"]["properties"]
    said["detail"]["properties"] = {name: log_shape.without_ids(value) for name, value in properties.items()}
    return said


@pytest.mark.parametrize("name", script.names())
def test_tarn_does_what_spark_did(tarn, tmp_path, name):
    case, said = script.load(name), archive.read_answers(name)

    def lines():
        schema, outcomes = runs.built(tarn, case, said)
        for outcome in outcomes + said["statements"]:     # Thrift names types without their arguments
            outcome["columns"] = [column for column, _ in outcome.get("columns", [])]
        found = differences.of("statement", said["statements"], outcomes)
        for table in case.tables:
            _without_times(said["tables"][table])
        found += runs.compared_answers(case, said, lambda table: _without_times(answers.of_table(schema.ask, table)))
        found += runs.compared_questions(case, said, schema.ask)
        archive.unpack(name, tmp_path, said["root"])
        return found + runs.compared_logs(case, said, schema, tmp_path)
    differences.check("script", name, lines)


def test_every_accepted_difference_was_met():
    assert not differences.not_met(["script"])
