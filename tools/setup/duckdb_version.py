"""Prints "VERSION SOURCE_ID" of a DuckDB library, by asking it through its C interface.

Usage: duckdb_version.py LIBRARY
"""
import ctypes
import sys


class _Result(ctypes.Structure):
    # duckdb_result of duckdb.h: opaque to callers, six words.
    _fields_ = [("words", ctypes.c_uint64 * 6)]


def _ask(duckdb, sql):
    database = ctypes.c_void_p()
    connection = ctypes.c_void_p()
    result = _Result()
    if duckdb.duckdb_open(None, ctypes.byref(database)) != 0:
        sys.exit("duckdb_open failed")
    if duckdb.duckdb_connect(database, ctypes.byref(connection)) != 0:
        sys.exit("duckdb_connect failed")
    if duckdb.duckdb_query(connection, sql.encode(), ctypes.byref(result)) != 0:
        sys.exit(f"{sql} failed")
    duckdb.duckdb_value_varchar.restype = ctypes.c_char_p
    duckdb.duckdb_value_varchar.argtypes = [ctypes.c_void_p, ctypes.c_uint64, ctypes.c_uint64]
    return duckdb.duckdb_value_varchar(ctypes.byref(result), 0, 0).decode()


def main():
    duckdb = ctypes.CDLL(sys.argv[1])
    duckdb.duckdb_library_version.restype = ctypes.c_char_p
    version = duckdb.duckdb_library_version().decode()
    print(version, _ask(duckdb, "SELECT source_id FROM pragma_version()"))


if __name__ == "__main__":
    main()
