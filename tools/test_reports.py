"""Reads the JUnit files of a stage, and compares skipped tests with tests/expected_skips.txt.

A line of that file: STAGE PATTERN WHEN REASON…
  PATTERN  of the test's name, as in a shell
  WHEN     `always`; `missing:PATH`: expected only while PATH (from the root) is not there, where
           SHARED/ at its front is $TARN_SHARED_DATA (../shared/data); `failing:PROGRAM`: expected
           only where a program of the repository ends with an error
A skip that no line expects is a problem, and so is a line in force that no skip matches.
"""
import dataclasses
import fnmatch
import os
import subprocess
import xml.etree.ElementTree as xml


@dataclasses.dataclass
class Skip:
    stage: str
    test: str
    reason: str


@dataclasses.dataclass
class Counts:
    passed: int = 0
    failed: int = 0
    skips: list = dataclasses.field(default_factory=list)

    @property
    def total(self):
        return self.passed + self.failed + len(self.skips)


def _add(counts, stage, case):
    name = f"{case.get('classname', '')}::{case.get('name', '')}".removeprefix("::")
    skipped = case.find("skipped")
    if case.find("failure") is not None or case.find("error") is not None:
        counts.failed += 1
    elif skipped is not None or case.get("status") == "notrun":
        reason = "not run" if skipped is None else skipped.get("message") or skipped.text or ""
        counts.skips.append(Skip(stage, name, " ".join(reason.split())))
    else:
        counts.passed += 1


def read(stage, folder):
    """The counts of all JUnit files in a folder."""
    counts = Counts()
    for path in sorted(folder.glob("*.xml")):
        try:
            cases = xml.parse(path).iter("testcase")
            for case in cases:
                _add(counts, stage, case)
        except xml.ParseError:
            counts.failed += 1  # the program died while it wrote the file
    return counts


def _holds(when, root):
    kind, _, value = when.partition(":")
    if kind == "missing":
        if value.startswith("SHARED/"):
            shared = os.environ.get("TARN_SHARED_DATA") or "../shared/data"
            value = f"{shared}/{value.removeprefix('SHARED/')}"
        return not (root / value).exists()
    if kind == "failing":
        return subprocess.run([root / value], capture_output=True, check=False).returncode != 0
    return when == "always"


def _expected(root):
    """(line number, stage, pattern) of the lines in force."""
    path = root / "tests/expected_skips.txt"
    if not path.exists():
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        words = line.split("#", 1)[0].split(None, 3)
        if not words:
            continue
        if len(words) < 4:
            raise SystemExit(f"{path}:{number}: needs STAGE PATTERN WHEN REASON")
        stage, pattern, when, _ = words
        if _holds(when, root):
            yield number, stage, pattern


def unexpected(skips, root, ran):
    """What differs between the skips and the expected ones, for the stages that ran."""
    rows = [row for row in _expected(root) if row[1] in ran]
    used, problems = set(), []
    for skip in skips:
        matching = [number for number, stage, pattern in rows
                    if stage == skip.stage and fnmatch.fnmatchcase(skip.test, pattern)]
        used.update(matching)
        if not matching:
            problems.append(f"no line expects the skip of {skip.stage} {skip.test}")
    for number, stage, pattern in rows:
        if number not in used:
            problems.append(f"line {number} expects a skip of {stage} {pattern}: none was seen")
    return problems
