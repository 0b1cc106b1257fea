#!/usr/bin/env python3
"""Writes docs/third_party_licenses.md: what Tarn fetches, its version, licence and registry.

Usage: tools/licenses.py            after tools/setup/setup.sh --profile test
       tools/licenses.py --check    only says whether the page is up to date
Sources: tools/setup/pins.toml, requirements-test.txt (licences from the installed packages' own
metadata) and web/package-lock.json.
"""
import email.parser
import json
import os
import pathlib
import sys
import tomllib

_ROOT = pathlib.Path(__file__).resolve().parents[1]
_DEPS = pathlib.Path(os.environ.get("TARN_DEPS_DIR") or pathlib.Path.home() / ".cache/tarn/deps")
_PAGE = _ROOT / "docs/third_party_licenses.md"
_SPARK_LICENCES = {"pyspark": "Apache-2.0", "numpy": "BSD-3-Clause"}
_INTRO = """\
# Third-party packages and their licences

Written by `tools/licenses.py`; do not edit. Tarn itself is Apache-2.0 (`LICENSE`). None of this is
copied into the repository: set-up fetches it (`tools/setup/pins.toml`).
"""


def _table(title, text, rows):
    lines = [f"\n## {title}\n", f"{text}\n", "| package | version | licence | registry |",
             "|---|---|---|---|"]
    lines += [f"| {name} | {version} | {licence} | {registry} |"
              for name, version, licence, registry in sorted(rows, key=lambda r: r[0].lower())]
    return "\n".join(lines) + "\n"


def _debian(pins, group):
    return [(name, f">= {pin['min']}", pin["licence"], "Debian 12")
            for name, pin in pins["debian"][group].items()]


def _fetched(pins):
    for registry, label in (("pypi", "PyPI"), ("npm", "npm")):
        for pin in pins[registry].values():
            if "file" in pin:
                yield pin["name"], pin["version"], pin["licence"], label


def _licence_of(metadata):
    """The shortest true statement that a Python package makes about its licence."""
    if metadata["License-Expression"]:
        return metadata["License-Expression"]
    classifiers = [value.rsplit(" :: ", 1)[-1] for value in metadata.get_all("Classifier", [])
                   if value.startswith("License :: ") and not value.endswith("OSI Approved")]
    if classifiers:
        return ", ".join(sorted(set(classifiers)))
    text = (metadata["License"] or "").strip()
    return text if text and "\n" not in text and len(text) < 60 else "see the package"


def _test_packages():
    licences = {}
    for path in (_DEPS / "venv").glob("lib/python3*/site-packages/*.dist-info/METADATA"):
        metadata = email.parser.Parser().parsestr(path.read_text(encoding="utf-8"))
        licences[metadata["Name"].lower().replace("_", "-")] = _licence_of(metadata)
    for line in (_ROOT / "tools/setup/requirements-test.txt").read_text().splitlines():
        if not line.startswith("#"):
            name, version = line.split(" ", 1)[0].split("==")
            if name not in licences:
                sys.exit(f"licenses: {name} is not installed: run tools/setup/setup.sh "
                         "--profile test")
            yield name, version, licences[name], "PyPI"


def _page_packages():
    """(in the built page, only to build and test it)"""
    lock = json.loads((_ROOT / "web/package-lock.json").read_text(encoding="utf-8"))
    shipped, tools = set(), set()
    for path, package in lock["packages"].items():
        if path:
            row = (path.rpartition("node_modules/")[2], package["version"],
                   package.get("license", "see the package"), "npm")
            (tools if package.get("dev") or package.get("devOptional") else shipped).add(row)
    return shipped, tools


def _spark(pins):
    for requirement in pins["pypi"]["oracle"]["requires"]:
        name, version = requirement.split("==")
        yield name, version, _SPARK_LICENCES[name], "PyPI"
    for name, pin in pins["maven"]["delta_jars"].items():
        yield name, pin["version"], pin["licence"], "Maven Central"


def page():
    pins = tomllib.loads((_ROOT / "tools/setup/pins.toml").read_text(encoding="utf-8"))
    shipped, tools = _page_packages()
    return _INTRO + "".join([
        _table("Engine, interface, sample data, Node",
               "Pinned by hash. The DuckDB library is loaded by the program.", _fetched(pins)),
        _table("Debian packages to build with",
               "Libraries (`lib…-dev`) are linked; the rest are tools.", _debian(pins, "build")),
        _table("In the page", "Bundled into the page that the program serves.", shipped),
        _table("To build and test the page", "Not part of what is served.", tools),
        _table("Clients and readers in tests", "Not part of the product.", _test_packages()),
        _table("Debian packages for tests and for developers", "Not part of the product.",
               _debian(pins, "test") + _debian(pins, "extra") + _debian(pins, "oracle")),
        _table("Apache Spark with Delta Lake", "Not part of the product: its answers are recorded, and some tests run "
               "beside it.", _spark(pins)),
    ])


def main():
    text = page()
    if sys.argv[1:] == ["--check"]:
        if not _PAGE.exists() or _PAGE.read_text(encoding="utf-8") != text:
            sys.exit("docs/third_party_licenses.md is out of date: run tools/licenses.py")
    elif sys.argv[1:]:
        sys.exit(__doc__)
    else:
        _PAGE.parent.mkdir(exist_ok=True)
        _PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
