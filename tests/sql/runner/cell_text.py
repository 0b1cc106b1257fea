"""Python values as the text that the JSON_ARRAY format carries, for doors that hand out values."""

import base64
import datetime
import decimal
import json

import numpy

try:
    import pyarrow
except ImportError:      # the recorder of Spark has values without it
    pyarrow = None


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
        return "[" + ",".join(_json(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(f"{_quote(cell_text(k))}:{_json(v)}" for k, v in value.items()) + "}"
    text = cell_text(value)
    bare = isinstance(value, (bool, int, float, decimal.Decimal, numpy.number)) and text[-1] not in "Ny"
    return text if bare else _quote(text)


def _quote(text):
    return json.dumps(text, ensure_ascii=False)


def arrow_value(value, kind):
    """What pyarrow's to_pylist gives, with maps as dicts and 32-bit floats told apart."""
    if value is None:
        return None
    if pyarrow.types.is_float32(kind):
        return numpy.float32(value)
    if pyarrow.types.is_list(kind) or pyarrow.types.is_large_list(kind):
        return [arrow_value(item, kind.value_type) for item in value]
    if pyarrow.types.is_map(kind):
        return {arrow_value(k, kind.key_type): arrow_value(v, kind.item_type) for k, v in value}
    if pyarrow.types.is_struct(kind):
        return {field.name: arrow_value(value[field.name], field.type) for field in kind}
    return value


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
        zone = "Z" if value.tzinfo is not None or type_name == "timestamp" else ""
        return _instant(value) + zone
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, (list, dict, numpy.ndarray)):
        return _json(value)
    return str(value)
