#!/usr/bin/env python3
"""Resolves [pypi.test] of pins.toml and writes requirements-test.txt with versions and hashes, and of
these what [pypi.clients] needs into requirements-clients.txt.

Usage: tools/setup/lock_requirements.py     (after tools/setup/setup.sh; needs PyPI)
The locks fit what the pins name: Debian 12's Python on x86_64.
"""
import json
import os
import tomllib

import fetch
import paths

_HEADER = """\
# Made by tools/setup/lock_requirements.py from [{section}] of tools/setup/pins.toml. Do not edit.
"""


def _lock(section, lock, requires, constraints=None):
    """Writes the lock of one section; returns the lines NAME==VERSION of what it holds."""
    report = paths.DEPS / "resolution.json"
    environment = {**os.environ, **({"PIP_CONSTRAINT": str(constraints)} if constraints else {})}
    fetch.run([paths.PIP, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet",
               "--only-binary", ":all:", "--report", report, *requires],
              f"resolving [{section}]", env=environment)
    lines = {}
    for item in json.loads(report.read_text())["install"]:
        name = item["metadata"]["name"].lower().replace("_", "-")
        sha256 = item["download_info"]["archive_info"]["hashes"]["sha256"]
        lines[f"{name}=={item['metadata']['version']}"] = f" --hash=sha256:{sha256}\n"
    report.unlink()
    text = "".join(sorted(pin + digest for pin, digest in lines.items()))
    lock.write_text(_HEADER.format(section=section) + text)
    print(f"{lock}: {len(lines)} packages")
    return sorted(lines)


def main():
    pins = tomllib.loads((paths.SETUP / "pins.toml").read_text())["pypi"]
    tested = _lock("pypi.test", paths.TEST_LOCK, pins["test"]["requires"])
    constraints = paths.DEPS / "constraints.txt"
    constraints.write_text("\n".join(tested) + "\n")
    _lock("pypi.clients", paths.CLIENTS_LOCK, pins["clients"]["names"], constraints)
    constraints.unlink()


if __name__ == "__main__":
    main()
