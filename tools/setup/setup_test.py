"""Tests of the parts of set-up that work without a network.

Usage: python3 tools/setup/setup_test.py
"""
import hashlib
import io
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import unittest
from unittest import mock

import derive_spark_protos
import derive_thrift
import fetch
import packages
import paths
import setup
import steps
from errors import SetupError

_TYPES = '''
class TCode(object):
    OK = 0
    _VALUES_TO_NAMES = {
        0: "OK",
        3: "ERROR",
    }
    _NAMES_TO_VALUES = {"OK": 0, "ERROR": 3}

class TOuter(object):
    def validate(self):
        if self.inner is None:
            raise TProtocolException(message='Required field inner is unset!')
        return

class TInner(object):
    def validate(self):
        return

class TProblem(TException):
    def validate(self):
        return

TOuter.thrift_spec = (
    None,  # 0
    (1, TType.STRUCT, 'inner', [TInner, None], None, ),  # 1
    None,  # 2
    (3, TType.MAP, 'rows', (TType.STRING, 'UTF8', TType.LIST, (TType.I64, None, False), False), None, ),
    (1281, TType.BOOL, 'flag', None, False, ),
)
TInner.thrift_spec = (
    None,
    (1, TType.STRING, 'raw', 'BINARY', None, ),
    (2, TType.I32, 'version', None, -7, ),
)
TProblem.thrift_spec = ()
'''

_SERVICE = '''
class Iface(object):
    def Open(self, req):
        pass
    def Ping(self):
        pass
Open_args.thrift_spec = (None, (1, TType.STRUCT, 'req', [TOuter, None], None, ),)
Open_result.thrift_spec = ((0, TType.STRUCT, 'success', [TInner, None], None, ),)
Ping_args.thrift_spec = ()
Ping_result.thrift_spec = ()
'''

_IDL = '''namespace cpp tarn.cli

enum TCode {
  OK = 0
  ERROR = 3
}

struct TInner {
  1: optional binary raw
  2: optional i32 version = -7
}

struct TOuter {
  1: required TInner inner
  3: optional map<string,list<i64>> rows
  1281: optional bool flag = false
}

exception TProblem {
}

service TService {
  TInner Open(1: TOuter req)
  void Ping()
}
'''


class DeriveTest(unittest.TestCase):
    def test_thrift(self):
        self.assertEqual(derive_thrift.derive(_TYPES, _SERVICE, "TService"), _IDL)

    def test_spark_protos(self):
        descriptor = b"\n\x0fspark/x.proto" + b"x" * 200
        source = f"x = _pool.Default().AddSerializedFile({descriptor!r})\n".encode()
        with tempfile.TemporaryDirectory() as folder:
            package, output = f"{folder}/p.tar.gz", f"{folder}/out"
            with tarfile.open(package, "w:gz") as archive:
                info = tarfile.TarInfo("p-1/pyspark/sql/connect/proto/x_pb2.py")
                info.size = len(source)
                archive.addfile(info, io.BytesIO(source))
            with mock.patch.object(sys, "argv", ["derive", package, output]), \
                    mock.patch.object(derive_spark_protos, "_well_known", return_value=b"first"):
                derive_spark_protos.main()
            written = pathlib.Path(output).read_bytes()
        self.assertEqual(written, b"first\x0a\xd7\x01" + descriptor)


class FetchTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        patch = mock.patch.object(paths, "DOWNLOADS", self.folder / "downloads")
        patch.start()
        self.addCleanup(patch.stop)

    def pin(self, content):
        return {"name": "p", "version": "1", "file": "p.whl",
                "sha256": hashlib.sha256(content).hexdigest()}

    def test_a_file_with_another_hash_is_refused(self):
        (self.folder / "p.whl").write_bytes(b"changed")
        with self.assertRaisesRegex(SetupError, "p.whl has SHA-256 .*, pinned is"):
            fetch._keep(self.pin(b"reviewed"), self.folder)
        self.assertFalse((self.folder / "downloads/p.whl").exists())

    def test_another_file_than_the_pinned_one_is_named(self):
        (self.folder / "p-arm.whl").write_bytes(b"x")
        with self.assertRaisesRegex(SetupError, "came as p-arm.whl, not as p.whl"):
            fetch._keep(self.pin(b"x"), self.folder)

    def test_a_kept_file_is_not_fetched_again_unless_it_rotted(self):
        (self.folder / "p.whl").write_bytes(b"right")
        pin = self.pin(b"right")
        kept = fetch._keep(pin, self.folder)
        self.assertEqual(fetch._cached(pin), kept)
        kept.write_bytes(b"rotten")
        self.assertIsNone(fetch._cached(pin))

    def test_a_command_that_fails_says_what_and_shows_its_output(self):
        with self.assertRaises(SetupError) as caught:
            fetch.run(["sh", "-c", "echo the reason; exit 3"], "fetching x", "try again")
        self.assertIn("the reason", str(caught.exception))
        self.assertIn("fetching x failed (exit code 3)", str(caught.exception))
        self.assertIn("What to do: try again", str(caught.exception))


class StepsTest(unittest.TestCase):
    def test_a_step_runs_again_only_when_its_pins_or_products_changed(self):
        runs = []
        with tempfile.TemporaryDirectory() as folder:
            product = pathlib.Path(folder) / "product"

            def make(pins):
                runs.append(pins["a"]["b"])
                product.write_text("made")

            step = steps.Step("s", "title", "build", make, ("a.b",), products=(product,),
                              stamp_dir=pathlib.Path(folder))
            self.assertEqual(setup._run(step, {"a": {"b": 1}}), "done")
            self.assertEqual(setup._run(step, {"a": {"b": 1}}), "up to date")
            setup._run(step, {"a": {"b": 2}})
            product.unlink()
            setup._run(step, {"a": {"b": 2}})
        self.assertEqual(runs, [1, 2, 2])

    def test_profiles_contain_each_other(self):
        build, test, everything = (steps.of_profile(name) for name in ("build", "test", "all"))
        self.assertLess(len(everything), len(steps.of_profile("oracle")))
        self.assertLess(len(build), len(test))
        self.assertLess(len(test), len(everything))
        self.assertLessEqual({s.name for s in build}, {s.name for s in test})

    def test_every_step_names_pins_that_exist(self):
        pins = setup.tomllib.loads((paths.SETUP / "pins.toml").read_text(encoding="utf-8"))
        for step in steps.of_profile("oracle"):
            setup._state_of(step, pins)  # raises KeyError otherwise

    def test_the_lock_holds_every_direct_requirement_in_its_version(self):
        pins = setup.tomllib.loads((paths.SETUP / "pins.toml").read_text(encoding="utf-8"))
        locked = packages.locked(paths.TEST_LOCK)
        for requirement in pins["pypi"]["test"]["requires"]:
            name, version = requirement.split("==")
            self.assertEqual(locked[name.split("[")[0]], version)

    def test_the_clients_of_make_up_are_those_that_are_tested(self):
        pins = setup.tomllib.loads((paths.SETUP / "pins.toml").read_text(encoding="utf-8"))
        clients = packages.locked(paths.CLIENTS_LOCK)
        self.assertLessEqual(clients.items(), packages.locked(paths.TEST_LOCK).items())
        for name in pins["pypi"]["clients"]["names"]:
            self.assertIn(name.split("[")[0], clients)
        self.assertIn("snippet-clients", {step.name for step in steps.of_profile("build")})


class BootstrapTest(unittest.TestCase):
    def test_an_unknown_profile_is_refused(self):
        result = subprocess.run(["bash", str(paths.SETUP / "setup.sh"), "--profile", "nonsense"],
                                env={**os.environ, "TARN_DEPS_DIR": "/nonexistent"},
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                check=False)
        self.assertEqual(result.returncode, 2)
        self.assertIn("invalid choice: 'nonsense'", result.stdout)


if __name__ == "__main__":
    unittest.main()
