"""Tests of run_stages.py: what makes a stage fail, and what a stage that hangs leaves behind.

Usage: python3 tools/run_stages_test.py
"""
import contextlib
import io
import os
import pathlib
import sys
import tempfile
import time
import unittest
from unittest import mock

import run_stages
import test_reports

_JUNIT = '<testsuite><testcase name="a"/><testcase name="b">%s</testcase></testsuite>'


class OutcomeTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        patch = mock.patch.object(run_stages, "_REPORTS", self.folder)
        patch.start()
        self.addCleanup(patch.stop)

    def outcome(self, script, **options):
        return run_stages._outcome(
            run_stages.Stage("s", ["sh", "-c", script, "sh", self.folder], **options))

    def writes(self, inside=""):
        return f"echo '{_JUNIT % inside}' > $1/s/r.xml"

    def test_green(self):
        outcome = self.outcome(self.writes())
        self.assertEqual((outcome.counts.passed, outcome.counts.failed, outcome.note), (2, 0, ""))

    def test_failed_tests_are_counted_once(self):
        outcome = self.outcome(self.writes("<failure/>") + "; exit 1")
        self.assertEqual((outcome.counts.passed, outcome.counts.failed), (1, 1))

    def test_a_runner_that_breaks_after_green_tests_fails(self):
        outcome = self.outcome(self.writes() + "; exit 139")
        self.assertEqual((outcome.counts.failed, outcome.note), (1, "exit code 139"))

    def test_a_test_stage_without_tests_fails_and_a_build_does_not(self):
        self.assertEqual(self.outcome("true").note, "ran no test")
        self.assertEqual(self.outcome("true", is_test=False).counts.failed, 0)

    def test_a_stage_that_hangs_is_ended_with_its_children(self):
        alive = self.folder / "alive"
        outcome = self.outcome(f"(sleep 3; touch {alive}) & sleep 60", limit_s=1)
        self.assertEqual(outcome.counts.failed, 1)
        self.assertLess(outcome.seconds, 3)
        time.sleep(3 - outcome.seconds + 0.5)
        self.assertFalse(alive.exists())


class TotalsTest(unittest.TestCase):
    def test_a_suite_that_is_not_there_fails_the_run(self):
        stages = [run_stages.Stage("s", ["true"], needs="no/such/folder", is_test=False)]
        with tempfile.TemporaryDirectory() as folder, \
                mock.patch.object(run_stages, "_REPORTS", pathlib.Path(folder) / "reports"), \
                mock.patch.object(run_stages, "_stages", lambda jobs: stages), \
                mock.patch.object(sys, "argv", ["run_stages.py"]):
            self.assertEqual(run_stages.main(), 1)

    def test_a_slow_run_of_ci_is_warned_of(self):
        outcome = run_stages.Outcome(run_stages.Stage("s", ["true"], is_test=False), 30.0,
                                     test_reports.Counts())
        for ci, before_s, warned in (("1", 2371, True), ("1", 2369, False), ("", 2371, False)):
            said = io.StringIO()
            with mock.patch.dict(os.environ, {"CI": ci}), contextlib.redirect_stdout(said):
                run_stages._print_table([outcome], before_s)
            self.assertEqual("warning: 2401 s in all" in said.getvalue(), warned)

    def test_an_unknown_stage_is_refused(self):
        with mock.patch.object(sys, "argv", ["run_stages.py", "nonsense"]):
            self.assertEqual(run_stages.main(), 2)


if __name__ == "__main__":
    unittest.main()
