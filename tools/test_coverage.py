#!/usr/bin/env python3
"""Writes docs/coverage/statements.md and clients.md: what the tests of this repository run.

Usage: tools/test_coverage.py            writes the pages
       tools/test_coverage.py --check    only says whether they are up to date
Sources: the records of tests/sql, the folders of tests/conformance, the pins of the test packages.
"""
import ast
import pathlib
import re
import sys

_ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(_ROOT / "tests/sql"))

from runner import slt_file  # noqa: E402 - lives with the suite

_PAGES = _ROOT / "docs/coverage"
_PINS = _ROOT / "tools/setup/requirements-test.txt"
# Where the name of a statement ends.
_AFTER_NAME = {"IN", "ON", "FROM", "TO", "IF", "LIKE", "AS", "VALUES", "WHERE", "FOR", "WITH", "BY"}
_MAX_WORDS = 4
_REFUSED = "UNSUPPORTED_FEATURE"


def statement_name(sql):
    """`CREATE TABLE t (a INT)` is CREATE TABLE: keywords are written in capitals, names are not."""
    words = []
    for word in re.findall(r"\S+", sql):
        if not re.fullmatch(r"[A-Z]+", word) or word in _AFTER_NAME or len(words) == _MAX_WORDS:
            break
        words.append(word)
        if word in ("SELECT", "VALUES", "EXPLAIN", "SET", "GRANT", "REVOKE"):
            break
    return " ".join(words)


def statements_page(files):
    runs, refused = set(), set()
    for text in files:
        for record in slt_file.parse(text):
            name = statement_name(record.sql)
            if not name or record.error == "PARSE_SYNTAX_ERROR":
                continue
            if record.error.startswith(_REFUSED):
                refused.add(name)
            elif record.kind in ("ok", "query"):
                runs.add(name)
    lines = ["# SQL statements", "",
             "Written by `tools/test_coverage.py` from the records of `tests/sql`, which run through every door.", "",
             "| statement | runs |", "|---|---|"]
    for name in sorted(runs | refused):
        says = "refused" if name not in runs else "yes, but for some forms" if name in refused else "yes"
        lines.append(f"| {name} | {says} |")
    return "\n".join(lines) + "\n"


def _title(path):
    """What a test module says it is."""
    return " ".join((ast.get_docstring(ast.parse(path.read_text())) or "").split("\n\n")[0].split())


def clients_page(conformance, pins):
    versions = dict(re.findall(r"^([\w-]+)==([\w.]+)", pins, re.M))
    lines = ["# Clients", "",
             "Written by `tools/test_coverage.py` from `tests/conformance`: each folder runs real, unmodified programs.", "",
             "| suite | module | what it checks |", "|---|---|---|"]
    for path in sorted(conformance.glob("*/**/test_*.py")):
        place, link = path.relative_to(conformance), "../../tests/conformance"
        lines.append(f"| [{place.parts[0]}]({link}/{place.parts[0]}) | [{path.name}]({link}/{place}) | {_title(path)} |")
    lines += ["", "| package | version the tests use |", "|---|---|"]
    for name in ("databricks-sdk", "databricks-sql-connector", "deltalake", "duckdb", "pyarrow", "polars"):
        if name in versions:
            lines.append(f"| {name} | {versions[name]} |")
    return "\n".join(lines) + "\n"


def pages():
    files = [path.read_text() for path in sorted((_ROOT / "tests/sql").rglob("*.slt"))]
    return {"statements.md": statements_page(files),
            "clients.md": clients_page(_ROOT / "tests/conformance", _PINS.read_text())}


def main():
    stale = []
    for name, text in pages().items():
        path = _PAGES / name
        if path.exists() and path.read_text() == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv[1:]:
            path.write_text(text)
    if "--check" in sys.argv[1:] and stale:
        print(f"docs/coverage: {', '.join(stale)} out of date: run tools/test_coverage.py")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
