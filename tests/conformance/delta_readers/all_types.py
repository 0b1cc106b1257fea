"""One table of all types: its columns as Tarn, Arrow and Spark's schema name them, and its rows."""

import datetime
import decimal
import math

import pyarrow as pa

# (name, type in SQL, type in Arrow)
COLUMNS = [
    ("id", "int", pa.int32()),
    ("ok", "boolean", pa.bool_()),
    ("tiny", "tinyint", pa.int8()),
    ("small", "smallint", pa.int16()),
    ("big", "bigint", pa.int64()),
    ("real", "float", pa.float32()),
    ("ratio", "double", pa.float64()),
    ("price", "decimal(9,2)", pa.decimal128(9, 2)),
    ("exact", "decimal(18,0)", pa.decimal128(18, 0)),
    ("wide", "decimal(38,10)", pa.decimal128(38, 10)),
    ("text", "string", pa.string()),
    ("bytes", "binary", pa.binary()),
    ("day", "date", pa.date32()),
    ("at", "timestamp", pa.timestamp("us", "UTC")),
    ("local", "timestamp_ntz", pa.timestamp("us")),
    ("list", "array<int>", pa.list_(pa.int32())),
    ("dict", "map<string,bigint>", pa.map_(pa.string(), pa.int64())),
    ("pair", "struct<a:int,b:array<string>>", pa.struct([("a", pa.int32()), ("b", pa.list_(pa.string()))])),
    ("part", "string", pa.string()),
]
NAMES = [name for name, _, _ in COLUMNS]
SCHEMA = pa.schema([(name, kind) for name, _, kind in COLUMNS])

_UTC = datetime.timezone.utc
_D = decimal.Decimal
_INF = math.inf
_FLOAT_MAX = 3.4028234663852886e38
_NULLS = (None,) * (len(COLUMNS) - 2)

# (as SQL, as Python); the partition value '' is NULL in Delta.
ROWS = [
    ("1, true, 1Y, 2S, 4L, 1.5F, 2.5D, 12.34, 123456789012345678, 1234567890123456789.0123456789, 'text', X'00FF10', "
     "DATE'2024-02-29', TIMESTAMP'2024-02-29 12:34:56.789012', TIMESTAMP_NTZ'2024-02-29 12:34:56.789012', "
     "array(1, NULL, 3), map('a', 1L, 'b', NULL), named_struct('a', 7, 'b', array('x', NULL)), 'x/y'",
     (1, True, 1, 2, 4, 1.5, 2.5, _D("12.34"), _D("123456789012345678"), _D("1234567890123456789.0123456789"), "text",
      b"\x00\xff\x10", datetime.date(2024, 2, 29), datetime.datetime(2024, 2, 29, 12, 34, 56, 789012, _UTC),
      datetime.datetime(2024, 2, 29, 12, 34, 56, 789012), [1, None, 3], [("a", 1), ("b", None)],
      {"a": 7, "b": ["x", None]}, "x/y")),
    ("2, false, -128Y, -32768S, -9223372036854775807L - 1L, CAST('-3.4028235E38' AS FLOAT), CAST('-Infinity' AS DOUBLE), "
     "-9999999.99, -999999999999999999, -9999999999999999999999999999.9999999999, '', X'', DATE'0001-01-01', "
     "TIMESTAMP'0001-01-01 00:00:00', TIMESTAMP_NTZ'0001-01-01 00:00:00', array(), map(), "
     "named_struct('a', NULL, 'b', NULL), 'ä=%'",
     (2, False, -128, -32768, -9223372036854775808, -_FLOAT_MAX, -_INF, _D("-9999999.99"), _D("-999999999999999999"),
      _D("-9999999999999999999999999999.9999999999"), "", b"", datetime.date(1, 1, 1),
      datetime.datetime(1, 1, 1, tzinfo=_UTC), datetime.datetime(1, 1, 1), [], [], {"a": None, "b": None}, "ä=%")),
    ("3, true, 127Y, 32767S, 9223372036854775807L, CAST('3.4028235E38' AS FLOAT), CAST('Infinity' AS DOUBLE), "
     "9999999.99, 999999999999999999, 9999999999999999999999999999.9999999999, 'ü\U0001f986 \\'\"', X'7F', "
     "DATE'9999-12-31', TIMESTAMP'9999-12-31 23:59:59.999999', TIMESTAMP_NTZ'9999-12-31 23:59:59.999999', "
     "array(2147483647), map('', -9223372036854775807L), named_struct('a', -1, 'b', array()), 'NULL'",
     (3, True, 127, 32767, 9223372036854775807, _FLOAT_MAX, _INF, _D("9999999.99"), _D("999999999999999999"),
      _D("9999999999999999999999999999.9999999999"), "ü\U0001f986 '\"", b"\x7f", datetime.date(9999, 12, 31),
      datetime.datetime(9999, 12, 31, 23, 59, 59, 999999, _UTC),
      datetime.datetime(9999, 12, 31, 23, 59, 59, 999999), [2147483647], [("", -9223372036854775807)],
      {"a": -1, "b": []}, "NULL")),
    ("4, NULL, 0Y, 0S, 0L, CAST('NaN' AS FLOAT), CAST('NaN' AS DOUBLE), 0.00, 0, 0.0000000000, NULL, NULL, "
     "DATE'1582-10-15', TIMESTAMP'1969-12-31 23:59:59.999999', TIMESTAMP_NTZ'1582-10-15 00:00:00', NULL, NULL, NULL, ''",
     (4, None, 0, 0, 0, math.nan, math.nan, _D("0.00"), _D("0"), _D("0E-10"), None, None, datetime.date(1582, 10, 15),
      datetime.datetime(1969, 12, 31, 23, 59, 59, 999999, _UTC), datetime.datetime(1582, 10, 15), None, None, None,
      None)),
    ("5, " + "NULL, " * len(_NULLS) + "NULL", (5, *_NULLS, None)),
]


def plain(value):
    """Comparable: NaN equals itself, a map is a list of pairs."""
    if isinstance(value, float):
        return "NaN" if math.isnan(value) else value
    if isinstance(value, decimal.Decimal):
        return str(value)
    if isinstance(value, datetime.datetime) and value.tzinfo is not None:
        return value.astimezone(_UTC).isoformat()
    return value


def rows_of(table, names=tuple(NAMES)):
    """The rows of an Arrow table in the order of `id`."""
    return [tuple(map(plain, row.values())) for row in table.select(list(names)).sort_by("id").to_pylist()]


EXPECTED = [tuple(map(plain, row)) for _, row in ROWS]


def arrow_table():
    return pa.Table.from_pylist([dict(zip(NAMES, row)) for _, row in ROWS], SCHEMA)
