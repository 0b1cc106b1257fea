import json
import os
import pathlib
import subprocess

import pytest

from fixtures.deps import DEPS

_HERE = pathlib.Path(__file__).resolve().parent
_PYTHON = pathlib.Path(os.environ.get("TARN_SPARK_PYTHON") or DEPS / "oracle/bin/python")


class SparkFailed(Exception):
    def __init__(self, error_class, message):
        self.error_class = error_class
        super().__init__(message)


class SparkProcess:
    """spark_door.py: Spark in a process of its own, with another Python."""

    def __init__(self, folder):
        self.folder = folder
        self._log = open(folder / "spark.log", "w")
        self._process = subprocess.Popen([_PYTHON, "-B", _HERE.parent / "spark_door.py", folder / "warehouse"], text=True,
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log)
        self.versions = self._answer()

    def _answer(self):
        line = self._process.stdout.readline()
        assert line, (self.folder / "spark.log").read_text()[-3000:]
        answer = json.loads(line)
        if "error_class" in answer:
            raise SparkFailed(answer["error_class"], answer["message"])
        return answer

    def _ask(self, **request):
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def run(self, sql):
        answer = self._ask(sql=sql)
        return answer["columns"], answer["rows"]

    def schema_of(self, table):
        return self._ask(schema_of=table)["schema"]

    def stop(self):
        self._process.stdin.close()
        try:
            self._process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self._process.kill()
        self._log.close()


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    process = SparkProcess(tmp_path_factory.mktemp("spark"))
    yield process
    process.stop()
