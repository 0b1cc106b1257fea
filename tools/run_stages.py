#!/usr/bin/env python3
"""Runs the stages of `make test`, and ends with the time of each and one line of totals.

Usage: tools/run_stages.py [--jobs N] [--begun TIME] [--list] [STAGE...]
Set-up has run before (tools/setup/setup.sh --profile test); --begun says when it started.

A stage that builds something stops the run when it fails; after a stage that tests, the others still
run. A suite whose folder is not there is a failure. Every skipped test is printed with its reason,
and the skips have to be those of tests/expected_skips.txt, no more and no less.
"""
import argparse
import dataclasses
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

import test_reports

_ROOT = pathlib.Path(__file__).resolve().parents[1]
_DEPS = pathlib.Path(os.environ.get("TARN_DEPS_DIR") or pathlib.Path.home() / ".cache/tarn/deps")
_REPORTS = _ROOT / "build/test-reports"
_PRESET = "ci"
_CI_LIMIT_S = 2400                     # a clean run on two cores, set-up included
_PYTHON = _DEPS / "venv/bin/python"


@dataclasses.dataclass
class Stage:
    name: str
    command: list                      # its words
    needs: str = ""                    # a path below the root without which there is no such suite
    is_test: bool = True               # leaves JUnit files in build/test-reports/NAME
    folder: str = "."                  # where it runs
    limit_s: int = 1200                # it hangs when it takes longer


def _pytest(name, *targets):
    return [_PYTHON, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rs",
            f"--junitxml={_REPORTS / name / 'pytest.xml'}", *targets]


def _stages(jobs):
    tool_tests = sorted(str(p.relative_to(_ROOT)) for p in (_ROOT / "tools").rglob("*_test.py"))
    return [
        Stage("tools", _pytest("tools", *tool_tests)),
        Stage("layers", [sys.executable, "-B", "tools/check_layers.py"], is_test=False,
              needs="tools/check_layers.py"),
        Stage("format", ["tools/format.sh", "--check", "--all"], is_test=False),
        Stage("licenses", [sys.executable, "-B", "tools/licenses.py", "--check"], is_test=False),
        Stage("build", ["tools/build.sh", _PRESET, str(jobs)], is_test=False, limit_s=3600),
        Stage("web-build", ["tools/build_web.sh"], is_test=False, needs="web/package.json"),
        Stage("web-types", ["npm", "run", "--silent", "check"], is_test=False, folder="web",
              needs="web/tsconfig.json"),
        Stage("web-unit", ["node_modules/.bin/vitest", "run", "--reporter=default", "--reporter=junit",
                           f"--outputFile={_REPORTS / 'web-unit/vitest.xml'}"],
              folder="web", needs="web/package.json"),
        Stage("unit", ["ctest", "--test-dir", f"build/{_PRESET}", "--output-on-failure",
                       "--no-tests=error", "-j", str(jobs)]),
        Stage("slt", _pytest("slt", "tests/sql"), needs="tests/sql"),
        Stage("conformance", _pytest("conformance", "tests/conformance"),
              needs="tests/conformance"),
        Stage("service", _pytest("service", "tests/service"), needs="tests/service"),
        Stage("browser", _pytest("browser", "tests/browser"), needs="tests/browser"),
    ]


def _environment(stage):
    reports = _REPORTS / stage.name
    return {**os.environ,
            "PATH": f"{_DEPS / 'node/bin'}:{os.environ['PATH']}",
            "TARN_DEPS_DIR": str(_DEPS),
            **({} if sys.stdout.isatty() else {"NO_COLOR": "1"}),
            # Every gtest binary that ctest starts writes its own file there.
            "GTEST_OUTPUT": f"xml:{reports}/"}


def _run(stage):
    """The exit code of the stage's command; its output goes to the console."""
    (_REPORTS / stage.name).mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen([str(word) for word in stage.command], cwd=_ROOT / stage.folder,
                               env=_environment(stage), stdin=subprocess.DEVNULL,
                               start_new_session=True)
    try:
        return process.wait(timeout=stage.limit_s)
    except subprocess.TimeoutExpired:
        print(f"{stage.name}: still running after {stage.limit_s} s, ended", flush=True)
        return -1
    finally:
        # Also ends what a broken test left behind in the group of processes of this stage.
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()


@dataclasses.dataclass
class Outcome:
    stage: Stage
    seconds: float
    counts: test_reports.Counts
    note: str = ""


def _outcome(stage):
    begin = time.monotonic()
    code = _run(stage)
    seconds = time.monotonic() - begin
    counts = test_reports.read(stage.name, _REPORTS / stage.name)
    note = "" if code == 0 else f"exit code {code}"
    if code != 0 and counts.failed == 0:
        counts.failed = 1  # it broke outside of any test: a build, a crash, a collection error
    if code == 0 and stage.is_test and counts.total == 0:
        counts.failed, note = 1, "ran no test"
    return Outcome(stage, seconds, counts, note)


def _print_table(outcomes, before_s):
    print(f"\n{'stage':<14}{'time':>9}{'passed':>9}{'failed':>9}{'skipped':>9}")
    if before_s:
        print(f"{'set-up':<14}{before_s:>7.1f} s")
    for outcome in outcomes:
        row = f"{outcome.stage.name:<14}{outcome.seconds:>7.1f} s"
        counts = outcome.counts
        if outcome.stage.is_test:
            row += f"{counts.passed:>9}{counts.failed:>9}{len(counts.skips):>9}"
        elif counts.failed:
            row += f"{'':>9}{counts.failed:>9}"
        print(f"{row}  {outcome.note}".rstrip())
    total_s = before_s + sum(o.seconds for o in outcomes)
    print(f"{'total':<14}{total_s:>7.1f} s")
    if os.environ.get("CI") and total_s > _CI_LIMIT_S:
        print(f"warning: {total_s:.0f} s in all; a clean CI run is to stay below {_CI_LIMIT_S} s")


def _compare_skips(skips, ran):
    """Prints the skips; returns how many differ from tests/expected_skips.txt."""
    for skip in skips:
        print(f"skipped: {skip.stage} {skip.test}: {skip.reason}")
    problems = test_reports.unexpected(skips, _ROOT, ran)
    for problem in problems:
        print(f"tests/expected_skips.txt: {problem}")
    return len(problems)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--begun", type=float, default=0.0)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("stage", nargs="*")
    options = parser.parse_args()
    before_s = time.time() - options.begun if options.begun else 0.0

    stages = _stages(options.jobs)
    unknown = set(options.stage) - {stage.name for stage in stages}
    if options.list or unknown:
        print("stages:", " ".join(stage.name for stage in stages))
        return 2 if unknown else 0
    if options.stage:
        stages = [stage for stage in stages if stage.name in options.stage]

    shutil.rmtree(_REPORTS, ignore_errors=True)
    outcomes = []
    for stage in stages:
        if stage.needs and not (_ROOT / stage.needs).exists():
            print(f"=== {stage.name}: {stage.needs} is not there", flush=True)
            missing = Outcome(stage, 0.0, test_reports.Counts(failed=1), f"no {stage.needs}")
            outcomes.append(missing)
            continue
        print(f"=== {stage.name}", flush=True)
        outcomes.append(_outcome(stage))
        if outcomes[-1].counts.failed and stage.name == "build":
            print("=== the build failed: nothing after it can be trusted", flush=True)
            break

    _print_table(outcomes, before_s)
    skips = [skip for outcome in outcomes for skip in outcome.counts.skips]
    wrong_skips = _compare_skips(skips, {outcome.stage.name for outcome in outcomes})
    passed = sum(outcome.counts.passed for outcome in outcomes)
    failed = sum(outcome.counts.failed for outcome in outcomes) + wrong_skips
    print(f"{passed} passed, {failed} failed, {len(skips)} skipped", flush=True)
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
