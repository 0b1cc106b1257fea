import pathlib
import shutil
import sys
import tempfile

import pytest

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))
sys.path.insert(0, str(FOLDER))

from fixtures.tarn_server import tarn_server  # noqa: E402,F401
from runner import doors, file_runner  # noqa: E402

_DOORS = {"engine": doors.EngineDoor, "statements": doors.StatementExecutionDoor,
          "thrift": doors.ThriftDoor}
_ran = {name: [0, 0] for name in _DOORS}      # files, records


def pytest_generate_tests(metafunc):
    if "door_name" not in metafunc.fixturenames:
        return
    files = sorted(p for p in FOLDER.rglob("*.slt"))
    cases = [(door, path) for door in _DOORS for path in files]
    metafunc.parametrize("door_name,path", cases, scope="session",
                         ids=[f"{door}:{path.relative_to(FOLDER)}" for door, path in cases])


@pytest.fixture(scope="session")
def places(request):
    """door name → (the door, its allowed folder); started when first asked for."""
    started = {}

    def start(name):
        if name not in started:
            if name == "engine":
                folder = pathlib.Path(tempfile.mkdtemp(prefix="tarn-slt-"))
                request.addfinalizer(lambda: shutil.rmtree(folder, ignore_errors=True))
                allowed = folder / "allowed"
                door = _DOORS[name](folder, allowed)
            else:
                server = request.getfixturevalue("tarn_server")
                allowed = pathlib.Path(server["allowed_folder"])
                door = _DOORS[name](server)
            request.addfinalizer(door.close)
            started[name] = door, file_runner.lay_out_files(FOLDER / "data", allowed)
        return started[name]
    return start


@pytest.fixture
def count_records():
    def count(door, records):
        _ran[door][0] += 1
        _ran[door][1] += records
    return count


def pytest_terminal_summary(terminalreporter):
    for door, (files, records) in _ran.items():
        if files:
            terminalreporter.write_line(f"slt: {records} records of {files} files through the door {door}")
