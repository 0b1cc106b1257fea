"""Fetches one pinned file through its registry's own client and checks its hash."""
import hashlib
import os
import shutil
import subprocess

import paths
from errors import SetupError

_ADVICE = (
    "check that the package registry is reachable from here (proxy, pip and npm settings of this "
    "user), then run tools/setup/setup.sh again; what is already there is kept.")


def run(command, what, advice=_ADVICE, **options):
    """Runs a command quietly; its output is shown when it fails."""
    result = subprocess.run([str(word) for word in command], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            errors="replace", **options)
    if result.returncode != 0:
        raise SetupError(f"{what} failed (exit code {result.returncode})", advice, result.stdout)
    return result.stdout


def _sha256(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _cached(pin):
    path = paths.DOWNLOADS / pin["file"]
    return path if path.exists() and _sha256(path) == pin["sha256"] else None


def _keep(pin, folder):
    """Moves the fetched file to the downloads once its hash is right."""
    fetched = folder / pin["file"]
    if not fetched.exists():
        found = ", ".join(sorted(p.name for p in folder.iterdir() if p.is_file()))
        raise SetupError(f"{pin['name']} {pin['version']} came as {found or 'nothing'}, not as "
                         f"{pin['file']}", "Tarn is built on x86_64 Debian 12 with Python 3.11; on "
                         "another system change the file in tools/setup/pins.toml")
    actual = _sha256(fetched)
    if actual != pin["sha256"]:
        raise SetupError(f"{pin['file']} has SHA-256 {actual}, pinned is {pin['sha256']}",
                         "do not use it: the registry (or something between) served another file "
                         "than the one that was reviewed")
    paths.DOWNLOADS.mkdir(parents=True, exist_ok=True)
    target = paths.DOWNLOADS / pin["file"]
    shutil.move(fetched, target)
    return target


def from_pypi(pin):
    """The pinned wheel or source package as a file."""
    cached = _cached(pin)
    if cached:
        return cached
    folder = paths.SCRATCH / "pypi"
    folder.mkdir(parents=True, exist_ok=True)
    wanted = folder / "wanted.txt"
    wanted.write_text(f"{pin['name']}=={pin['version']} --hash=sha256:{pin['sha256']}\n")
    kind = "--only-binary" if pin["file"].endswith(".whl") else "--no-binary"
    # pip looks into a source package with that package's own build tools: these are pinned as well.
    constraints = folder / "constraints.txt"
    constraints.write_text("\n".join(pin.get("build_requires", [])) + "\n")
    run([paths.PIP, "-m", "pip", "download", "--no-deps", "--require-hashes", kind, pin["name"],
         "--dest", folder, "--requirement", wanted],
        f"fetching {pin['name']} {pin['version']} from PyPI",
        env={**os.environ, "PIP_CONSTRAINT": str(constraints)})
    return _keep(pin, folder)


def from_npm(pin):
    """The pinned npm package as a file."""
    cached = _cached(pin)
    if cached:
        return cached
    folder = paths.SCRATCH / "npm"
    folder.mkdir(parents=True, exist_ok=True)
    run([paths.NODE / "bin/npm", "pack", "--silent", f"{pin['name']}@{pin['version']}"],
        f"fetching {pin['name']} {pin['version']} from npm", cwd=folder, env=node_environment())
    return _keep(pin, folder)


def _pom(pins):
    """A project that depends on exactly these: nothing of what they ask for."""
    dependencies = "".join(
        f"<dependency><groupId>{pin['group']}</groupId><artifactId>{name}</artifactId>"
        f"<version>{pin['version']}</version><exclusions><exclusion><groupId>*</groupId>"
        "<artifactId>*</artifactId></exclusion></exclusions></dependency>" for name, pin in pins.items())
    return ('<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>'
            "<groupId>tarn</groupId><artifactId>jars</artifactId><version>1</version>"
            f"<packaging>pom</packaging><dependencies>{dependencies}</dependencies></project>")


def from_maven(pins, folder):
    """The pinned jars {artifact: pin}, into a folder."""
    pom = paths.SCRATCH / "pom.xml"
    pom.parent.mkdir(parents=True, exist_ok=True)
    pom.write_text(_pom(pins))
    run(["mvn", "-B", "-q", "-f", pom, "dependency:copy-dependencies", f"-DoutputDirectory={folder}"],
        "fetching jars from Maven Central")
    wanted = {f"{name}-{pin['version']}.jar": pin["sha256"] for name, pin in pins.items()}
    found = {path.name: _sha256(path) for path in folder.iterdir()}
    for name in sorted(wanted | found):
        if wanted.get(name) != found.get(name):
            raise SetupError(f"{name} has SHA-256 {found.get(name)}, pinned is {wanted.get(name)}",
                             "do not use it: Maven served another file than the one that was reviewed")


def node_environment():
    """The environment for npm: our Node first in PATH, no chatter."""
    return {**os.environ, "PATH": f"{paths.NODE / 'bin'}:{os.environ['PATH']}",
            "npm_config_update_notifier": "false", "npm_config_fund": "false",
            "npm_config_audit": "false"}
