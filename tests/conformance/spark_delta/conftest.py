import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

import differences  # noqa: E402 - lies beside this file
import lists  # noqa: E402 - so does this
from tarn_side import Tarn  # noqa: E402 - and this


@pytest.fixture(scope="module")
def tarn(tmp_path_factory):
    tarn = Tarn(tmp_path_factory.mktemp("tarn"))
    yield tarn
    tarn.stop()


def pytest_sessionfinish(session, exitstatus):
    if lists.UPDATE and lists.found:
        lists.update(differences.met)
