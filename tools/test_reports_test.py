"""Tests of test_reports.py.

Usage: python3 tools/test_reports_test.py
"""
import pathlib
import tempfile
import unittest
import unittest.mock

import test_reports

_JUNIT = """<testsuites><testsuite>
<testcase classname="tests.a" name="one"/>
<testcase classname="tests.a" name="two"><failure message="x"/></testcase>
<testcase classname="tests.a" name="three"><error message="x"/></testcase>
<testcase classname="tests.a" name="four"><skipped message="no data
 here"/></testcase>
<testcase name="Five" status="notrun"/>
</testsuite></testsuites>"""


class ReadTest(unittest.TestCase):
    def test_counts_and_reasons(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "a.xml").write_text(_JUNIT, encoding="utf-8")
            counts = test_reports.read("service", pathlib.Path(folder))
        self.assertEqual((counts.passed, counts.failed, counts.total), (1, 2, 5))
        self.assertEqual(counts.skips, [test_reports.Skip("service", "tests.a::four", "no data here"),
                                        test_reports.Skip("service", "Five", "not run")])

    def test_a_torn_file_is_a_failure(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "a.xml").write_text(_JUNIT[:60], encoding="utf-8")
            self.assertEqual(test_reports.read("unit", pathlib.Path(folder)).failed, 1)


class ExpectedSkipsTest(unittest.TestCase):
    def compare(self, lines, *tests, ran=("service",)):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder) / "main"
            (root / "tests").mkdir(parents=True)
            (pathlib.Path(folder) / "present").touch()
            (root / "tests/expected_skips.txt").write_text(lines, encoding="utf-8")
            skips = [test_reports.Skip("service", test, "why") for test in tests]
            return test_reports.unexpected(skips, root, set(ran))

    def test_what_is_expected_is_no_problem(self):
        self.assertEqual(self.compare("# skips\nservice tests.a::* always no disk\n",
                                      "tests.a::one", "tests.a::two"), [])

    def test_a_skip_without_a_line(self):
        self.assertEqual(self.compare("", "tests.a::one"),
                         ["no line expects the skip of service tests.a::one"])

    def test_a_line_without_a_skip(self):
        line = "service tests.a::one always no disk\n"
        self.assertEqual(self.compare(line),
                         ["line 1 expects a skip of service tests.a::one: none was seen"])
        self.assertEqual(self.compare(line, ran=("unit",)), [])

    def test_a_condition(self):
        self.assertEqual(self.compare("service t missing:../absent w\n", "t"), [])
        self.assertEqual(self.compare("service t missing:../present w\n", "t"),
                         ["no line expects the skip of service t"])
        self.assertEqual(self.compare("service t missing:../present w\n"), [])

    def test_a_program_decides(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, code in (("can", 0), ("cannot", 1)):
                program = pathlib.Path(folder) / name
                program.write_text(f"#!/bin/sh\nexit {code}\n", encoding="utf-8")
                program.chmod(0o755)
            self.assertEqual(self.compare(f"service t failing:{folder}/cannot w\n", "t"), [])
            self.assertEqual(self.compare(f"service t failing:{folder}/can w\n"), [])

    def test_shared_data_may_be_elsewhere(self):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "delta").mkdir()
            with unittest.mock.patch.dict("os.environ", {"TARN_SHARED_DATA": folder}):
                self.assertEqual(self.compare("service t missing:SHARED/delta w\n"), [])
                self.assertEqual(self.compare("service t missing:SHARED/other w\n", "t"), [])

    def test_a_line_that_says_too_little(self):
        with self.assertRaises(SystemExit):
            self.compare("service t always\n", "t")


if __name__ == "__main__":
    unittest.main()
