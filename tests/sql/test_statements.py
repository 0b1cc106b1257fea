"""Every *.slt file through every door; see README.md."""

from runner import file_runner


def test_file(door_name, path, places, count_records):
    door, allowed = places(door_name)
    problems, records = file_runner.run_file(door, path, allowed)
    count_records(door_name, records)
    assert not problems, "\n\n" + "\n\n".join(problems)
