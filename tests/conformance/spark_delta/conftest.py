import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from tarn_side import Tarn  # noqa: E402 - lies beside this file


@pytest.fixture(scope="module")
def tarn(tmp_path_factory):
    tarn = Tarn(tmp_path_factory.mktemp("tarn"))
    yield tarn
    tarn.stop()
