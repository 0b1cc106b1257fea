"""Arrow streams of several batches that columnar_test writes, read by pyarrow."""

import datetime
import os
import pathlib
import subprocess

import pyarrow as pa
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]
# The build of `make test`.
PROGRAM = ROOT / "build/ci/src/columnar/columnar_test"
ROWS_OF_BATCHES = [5, 0, 1000, 1]
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def row(n):
    """Row n as src/columnar/ipc_stream_test.cc makes it."""
    if n % 7 == 3:
        return [n, *[None] * 8]
    text = f"text {n}"
    return [n, -n, n % 2 == 0, n / 4, text, datetime.date(1970, 1, 1) + datetime.timedelta(days=n),
            EPOCH + datetime.timedelta(microseconds=n * 1_000_001), [] if n % 3 == 0 else [text, ""],
            [("key", text)]]


@pytest.mark.parametrize("name", ["plain", "lz4"])
def test_pyarrow_reads_every_batch(tmp_path, name):
    subprocess.run([str(PROGRAM), "--gtest_filter=IpcStreamTest.*"], check=True, capture_output=True, timeout=60,
                   env={**os.environ, "TARN_IPC_SAMPLES": str(tmp_path), "GTEST_OUTPUT": ""})
    with pa.ipc.open_stream((tmp_path / f"{name}.arrows").read_bytes()) as stream:
        batches = list(stream)
    assert [batch.num_rows for batch in batches] == ROWS_OF_BATCHES
    table = pa.Table.from_batches(batches)
    table.validate(full=True)
    assert table.schema.field("t").type == pa.timestamp("us", tz="Europe/Paris")
    assert table.schema.field("a").type.value_type == pa.string()
    found = [list(values.values()) for values in table.to_pylist()]
    assert found == [row(n) for n in range(sum(ROWS_OF_BATCHES))]
