"""Values that PySpark collects, as cell_text takes them: 32-bit floats told apart, structs as dicts."""

import numpy
from pyspark.sql import types


def plain_value(value, kind):
    if value is None:
        return None
    if isinstance(kind, types.FloatType):
        return numpy.float32(value)
    if isinstance(kind, types.ArrayType):
        return [plain_value(item, kind.elementType) for item in value]
    if isinstance(kind, types.MapType):
        return {plain_value(k, kind.keyType): plain_value(v, kind.valueType) for k, v in value.items()}
    if isinstance(kind, types.StructType):
        return {f.name: plain_value(item, f.dataType) for f, item in zip(kind.fields, value)}
    if isinstance(kind, types.TimestampType):
        return value.replace(tzinfo=None)
    if isinstance(kind, types.VariantType):
        return value.toJson()
    return value
