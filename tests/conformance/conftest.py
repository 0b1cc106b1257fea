import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from fixtures.tarn_server import tarn_server  # noqa: E402,F401
