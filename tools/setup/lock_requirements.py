#!/usr/bin/env python3
"""Resolves [pypi.test] of pins.toml and writes requirements-test.txt with versions and hashes.

Usage: tools/setup/lock_requirements.py     (after tools/setup/setup.sh; needs PyPI)
The lock fits what the pins name: Debian 12's Python on x86_64.
"""
import json
import tomllib

import fetch
import paths

_HEADER = """\
# Made by tools/setup/lock_requirements.py from [pypi.test] of tools/setup/pins.toml. Do not edit.
"""


def main():
    pins = tomllib.loads((paths.SETUP / "pins.toml").read_text())
    report = paths.DEPS / "test-resolution.json"
    fetch.run([paths.PIP, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet",
               "--only-binary", ":all:", "--report", report, *pins["pypi"]["test"]["requires"]],
              "resolving the test requirements")
    lines = []
    for item in json.loads(report.read_text())["install"]:
        name = item["metadata"]["name"].lower().replace("_", "-")
        sha256 = item["download_info"]["archive_info"]["hashes"]["sha256"]
        lines.append(f"{name}=={item['metadata']['version']} --hash=sha256:{sha256}\n")
    report.unlink()
    paths.TEST_LOCK.write_text(_HEADER + "".join(sorted(lines)))
    print(f"{paths.TEST_LOCK}: {len(lines)} packages")


if __name__ == "__main__":
    main()
