"""Apache Spark with Delta Lake in this process. Only for the Python of the oracle's environment."""

import logging
import os
import pathlib
import re
import sys
import time

os.environ["TZ"] = "UTC"
time.tzset()

from pyspark.errors import PySparkException  # noqa: E402 - after the time zone
from pyspark.sql import SparkSession  # noqa: E402

_TESTS = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(_TESTS / "sql"), str(_TESTS)]

from fixtures.deps import DEPS  # noqa: E402
from runner.cell_text import cell_text  # noqa: E402
from runner.spark_value import plain_value  # noqa: E402

_CLASS = re.compile(r"\[([A-Z][A-Z0-9_.]+)\]")


def _jars():
    folder = pathlib.Path(os.environ.get("TARN_DELTA_JARS") or DEPS / "delta_jars")
    jars = sorted(folder.glob("*.jar"))
    if not jars:
        raise SystemExit(f"no jars in {folder}: run tools/setup/setup.sh --profile oracle")
    return ",".join(map(str, jars))


class SparkFailed(Exception):
    """`error_class` is Spark's condition, or the exception's first line when it has none."""

    def __init__(self, error):
        text = str(error)
        condition = error.getCondition() if isinstance(error, PySparkException) else None
        found = _CLASS.search(text)
        self.error_class = condition or (found.group(1) if found else text.split("\n")[0][:120])
        super().__init__(text)


class Spark:
    """One session; tables lie below `warehouse`. One thread and one partition a shuffle, so that the
    number of files does not depend on the machine."""

    def __init__(self, warehouse):
        # Delta writes its numbers of a commit as the driver saw them: one core makes them repeatable.
        self._spark = (
            SparkSession.builder.master("local[1]").config("spark.jars", _jars())
            .config("spark.driver.memory", "1500m").config("spark.ui.enabled", "false")
            # A short life: what the second compiler would gain it costs first.
            .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
            .config("spark.ui.showConsoleProgress", "false").config("spark.sql.shuffle.partitions", "1")
            .config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.warehouse.dir", str(warehouse)).config("spark.sql.session.timeZone", "UTC")
            .config("spark.sql.sources.default", "delta")
            .config("spark.databricks.delta.snapshotPartitions", "1")
            .config("spark.sql.parquet.fieldId.read.enabled", "true")      # column mapping by id asks for it
            .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
            .config("spark.sql.catalog.spark_catalog", "org.apache.spark.sql.delta.catalog.DeltaCatalog")
            .getOrCreate())
        self._spark.sparkContext.setLogLevel("OFF")
        logging.getLogger("SQLQueryContextLogger").disabled = True
        self.version = self._spark.version
        self.delta_version = next(part for part in re.findall(r"delta-spark_[\d._]+-([\d.]+)\.jar", _jars()))

    def run(self, sql):
        """(columns as [name, type], rows of cells as the JSON_ARRAY format writes them)"""
        try:
            frame = self._spark.sql(sql)
            fields = list(frame.schema.fields)
            rows = frame.collect()
        except Exception as error:  # what the JVM throws unwrapped is no PySparkException
            raise SparkFailed(error) from error
        columns = [[f.name, f.dataType.simpleString()] for f in fields]
        return columns, [[cell_text(plain_value(v, f.dataType), f.dataType.simpleString())
                          for v, f in zip(row, fields)] for row in rows]

    def dicts(self, sql):
        columns, rows = self.run(sql)
        return [dict(zip([name for name, _ in columns], row)) for row in rows]

    def schema(self, table):
        """The schema as Spark's JSON, with the metadata of the fields that users see."""
        return self._spark.table(table).schema.jsonValue()

    def stop(self):
        self._spark.stop()
