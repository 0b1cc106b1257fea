"""Python values as the text that the JSON_ARRAY format carries, for doors that hand out values."""

import base64
import datetime
import decimal
import json

import numpy


def double_text(value):
    """Java's Double.toString or, for a numpy.float32, Float.toString."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "-0.0" if str(value).startswith("-") else "0.0"
    digits, exponent = numpy.format_float_scientific(value, trim="0", exp_digits=1).split("e")
    power = int(exponent)
    if -3 <= power < 7:
        text = numpy.format_float_positional(value, trim="0")
        return text
    return f"{digits}E{power}"


def _instant(value):
    micros = value.microsecond
    fraction = f"{micros // 1000:03d}" if micros % 1000 == 0 else f"{micros:06d}"
    return f"{value.year:04d}-{value:%m-%dT%H:%M:%S}.{fraction}"


def _json(value):
    if value is None:
        return "null"
    if isinstance(value, (list, numpy.ndarray)):
        if len(value) and all(isinstance(item, tuple) and len(item) == 2 for item in value):
            return "{" + ",".join(f"{_quote(cell_text(k))}:{_json(v)}" for k, v in value) + "}"
        return "[" + ",".join(_json(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{_quote(cell_text(k))}:{_json(v)}" for k, v in value.items()) + "}"
    text = cell_text(value)
    bare = isinstance(value, (bool, int, float, decimal.Decimal, numpy.number)) and text[-1] not in "Ny"
    return text if bare else _quote(text)


def _quote(text):
    return json.dumps(text, ensure_ascii=False)


def cell_text(value, type_name=""):
    """None stays None."""
    if value is None:
        return None
    if isinstance(value, (bool, numpy.bool_)):
        return "true" if value else "false"
    if type_name == "float" and isinstance(value, float):
        value = numpy.float32(value)
    if isinstance(value, (float, numpy.floating)):
        return double_text(value)
    if isinstance(value, decimal.Decimal):
        return f"{value:f}"
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime.datetime):
        zone = "" if type_name == "timestamp_ntz" or value.tzinfo is None and type_name != "timestamp" else "Z"
        return _instant(value) + zone
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (list, dict, numpy.ndarray)):
        return _json(value)
    return str(value)
