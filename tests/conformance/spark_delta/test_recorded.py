"""Tables that Apache Spark with delta-spark wrote, recorded: Tarn reads rows, types, history and detail of every version."""

import pytest

import answers
import archive
import differences
import runs
import script


@pytest.mark.parametrize("name", script.names())
def test_what_spark_left_is_read(tarn, name):
    case, said = script.load(name), archive.read_answers(name)

    def lines():
        schema = runs.adopted(tarn, case, said)
        found = runs.compared_answers(case, said, lambda table: answers.of_table(schema.ask, table))
        return found + runs.compared_questions(case, said, schema.ask)
    differences.check("read", name, lines)


def test_every_accepted_difference_was_met():
    assert not differences.not_met(["read"])
