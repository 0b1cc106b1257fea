"""Where set-up finds and puts things. cmake/Dependencies.cmake and the Makefile know DEPS too."""
import os
import pathlib

SETUP = pathlib.Path(__file__).resolve().parent
ROOT = SETUP.parents[1]
DEPS = pathlib.Path(os.environ.get("TARN_DEPS_DIR") or pathlib.Path.home() / ".cache/tarn/deps")
STAMPS = DEPS / "stamps"
DOWNLOADS = DEPS / "downloads"
SCRATCH = DEPS / "scratch"

PIP = DEPS / "pip/bin/python"
NODE = DEPS / "node"
DUCKDB = DEPS / "duckdb"
THRIFT_IDL = DEPS / "idl/TCLIService.thrift"
SPARK_PROTOS = DEPS / "idl/spark_connect.protoset"
FLIGHTS = DEPS / "nycflights13"
VENV = DEPS / "venv"
ORACLE_VENV = DEPS / "oracle"
DELTA_JARS = DEPS / "delta_jars"
CLIENTS_LOCK = SETUP / "requirements-clients.txt"
TEST_LOCK = SETUP / "requirements-test.txt"
WEB = ROOT / "web"
