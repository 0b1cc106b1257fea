"""The steps of set-up, in order. Each fills one folder of DEPS, or installs Debian packages."""
import dataclasses
import pathlib
import typing

import debian
import duckdb_step
import packages
import paths


@dataclasses.dataclass(frozen=True)
class Step:
    name: str
    title: str
    profile: str                                   # the smallest profile that needs it
    run: typing.Callable                           # pins -> what to print, or None
    pins: tuple[str, ...]                          # sections of pins.toml it depends on
    products: tuple[pathlib.Path, ...] = ()        # what must exist afterwards
    inputs: tuple[pathlib.Path, ...] = ()          # files whose content it depends on
    recipe: int = 1                                # raise when the step's code changes its outcome
    always: bool = False                           # runs every time: it knows itself what is there
    stamp_dir: pathlib.Path | None = None          # where the result belongs to one clone


PROFILES = ["build", "test", "all", "oracle"]

_STEPS = [
    Step("debian-build", "Debian packages to build with", "build", debian.installer("build"),
         ("debian.build",), always=True),
    Step("debian-test", "Debian packages to test with", "test", debian.installer("test"),
         ("debian.test",), always=True),
    Step("debian-extra", "linter, bench tools", "all", debian.installer("extra"),
         ("debian.extra",), always=True),
    Step("pip", "a pip of our own", "build", packages.make_pip, (), products=(paths.PIP,)),
    Step("node", "Node and npm", "build", packages.unpack_node, ("pypi.node",),
         products=(paths.NODE / "bin/node", paths.NODE / "bin/npm")),
    Step("duckdb", "DuckDB library and headers", "build", duckdb_step.install_engine,
         ("duckdb", "npm.duckdb_library", "pypi.duckdb_source"), recipe=2,
         inputs=(paths.SETUP / "duckdb_step.py", paths.SETUP / "duckdb_version.py")),
    Step("thrift", "Thrift interface", "build", packages.derive_thrift, ("pypi.thrift_interface",),
         products=(paths.THRIFT_IDL,), inputs=(paths.SETUP / "derive_thrift.py",)),
    Step("spark-protos", "Spark Connect's protos", "build", packages.derive_spark_protos,
         ("pypi.spark_protos",), products=(paths.SPARK_PROTOS,),
         inputs=(paths.SETUP / "derive_spark_protos.py",)),
    Step("sample-data", "flights of 2013 as CSV", "build", packages.unpack_flights,
         ("pypi.sample_data",), products=(paths.FLIGHTS / "flights.csv",)),
    Step("web-packages", "npm packages of web/", "build", packages.install_web, ("pypi.node",),
         products=(paths.WEB / "node_modules",), inputs=(paths.WEB / "package-lock.json",),
         stamp_dir=paths.WEB / "node_modules/.tarn"),
    Step("snippet-clients", "Python clients for snippets and tour", "build", packages.install_clients,
         ("pypi.clients",), products=(paths.VENV / "bin/python",), inputs=(paths.CLIENTS_LOCK,)),
    Step("duckdb-extensions", "DuckDB extensions for tests", "test",
         duckdb_step.install_extensions,
         ("duckdb", *(f"pypi.duckdb_extension_{name}" for name in duckdb_step.EXTENSIONS)),
         inputs=(paths.SETUP / "duckdb_step.py",)),
    Step("python-clients", "Python clients and readers for tests", "test",
         packages.install_test_packages,
         ("pypi.test",), products=(paths.VENV / "bin/pytest",), inputs=(paths.TEST_LOCK,)),
    Step("debian-oracle", "a JVM for Apache Spark", "oracle", debian.installer("oracle"),
         ("debian.oracle",), always=True),
    Step("spark", "Apache Spark to record answers of", "oracle", packages.install_oracle,
         ("pypi.oracle",), products=(paths.ORACLE_VENV / "bin/python",)),
    Step("delta-jars", "Delta Lake for Apache Spark", "oracle", packages.fetch_delta_jars,
         ("maven.delta_jars",), products=(paths.DELTA_JARS,)),
]


def of_profile(profile):
    wanted = PROFILES[:PROFILES.index(profile) + 1]
    return [step for step in _STEPS if step.profile in wanted]
