"""Puts together DEPS/duckdb/VERSION: library, headers and extensions of one and the same version.

  lib/libduckdb.so
  include/                         the engine's own headers (src/include of the source package)
  extension/parquet/include/       the Parquet reader's headers, and below third_party/ what they need
  extensions/vVERSION/linux_amd64/ signed extensions; SET extension_directory = '…/extensions'
"""
import os
import shutil
import sys
import tarfile
import zipfile

import fetch
import packages
import paths
from errors import SetupError

# Folders of the source package, relative to its engine part, and where they go.
_HEADERS = {
    "src/include": "include",
    "extension/parquet/include": "extension/parquet/include",
    "third_party/concurrentqueue": "third_party/concurrentqueue",
    "third_party/fastpforlib": "third_party/fastpforlib",
    "third_party/mbedtls": "third_party/mbedtls",
    "third_party/parquet": "third_party/parquet",
    "third_party/thrift": "third_party/thrift",
}
_PLATFORM = "linux_amd64"
EXTENSIONS = ("tpch", "delta", "httpfs")


def _unpack_headers(package, version, target):
    top = f"duckdb-{version}/external/duckdb/"
    with tarfile.open(package) as archive:
        for member in archive:
            if not member.isfile() or not member.name.startswith(top):
                continue
            name = member.name[len(top):]
            for source, destination in _HEADERS.items():
                if name.startswith(source + "/"):
                    path = target / destination / name[len(source) + 1:]
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(archive.extractfile(member).read())
                    # Keeps a compiled clone valid when set-up runs again.
                    os.utime(path, (member.mtime, member.mtime))


def _unpack_library(package, target):
    with tarfile.open(package) as archive:
        member = archive.getmember("package/libduckdb.so")
        target.parent.mkdir(parents=True)
        target.write_bytes(archive.extractfile(member).read())
        os.utime(target, (member.mtime, member.mtime))


def _check(library, pins):
    """Asks the library itself what it is, in a process of its own."""
    wanted = f"v{pins['duckdb']['version']} {pins['duckdb']['source_id']}"
    found = fetch.run([sys.executable, paths.SETUP / "duckdb_version.py", library],
                      "loading the fetched DuckDB library",
                      "Tarn is built on x86_64 with glibc 2.28 or newer").strip()
    if found != wanted:
        raise SetupError(f"the DuckDB library says {found}, pinned is {wanted}",
                         "correct [duckdb] and [npm.duckdb_library] in tools/setup/pins.toml: all "
                         "parts must be of one version")
    return found


def install_engine(pins):
    version = pins["duckdb"]["version"]
    folder = paths.DUCKDB / version
    library = fetch.from_npm(pins["npm"]["duckdb_library"])
    source = fetch.from_pypi(pins["pypi"]["duckdb_source"])
    new = packages.fresh(folder)
    _unpack_library(library, new / "lib/libduckdb.so")
    _unpack_headers(source, version, new)
    found = _check(new / "lib/libduckdb.so", pins)
    if (folder / "extensions").exists():
        shutil.copytree(folder / "extensions", new / "extensions")
    packages.put(new, folder)
    return f"done, {found}"


def install_extensions(pins):
    version = pins["duckdb"]["version"]
    folder = paths.DUCKDB / version / "extensions" / f"v{version}" / _PLATFORM
    folder.mkdir(parents=True, exist_ok=True)
    for name in EXTENSIONS:
        wheel = fetch.from_pypi(pins["pypi"][f"duckdb_extension_{name}"])
        inside = f"duckdb_extension_{name}/extensions/v{version}/{name}.duckdb_extension"
        with zipfile.ZipFile(wheel) as archive:
            (folder / f"{name}.duckdb_extension").write_bytes(archive.read(inside))
    return f"done, {' '.join(EXTENSIONS)}"
