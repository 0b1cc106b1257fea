"""What an engine answers about a finished table; both engines are asked the same, and the answers are data.

`run(sql)` gives (columns as [name, type], rows of cells as text) and raises an error with `error_class`.
"""

import json

_DETAIL = ["format", "partitionColumns", "clusteringColumns", "numFiles", "sizeInBytes", "properties", "minReaderVersion",
           "minWriterVersion", "tableFeatures", "description"]
_HISTORY = ["version", "timestamp", "operation", "operationParameters", "readVersion", "isolationLevel", "isBlindAppend",
            "operationMetrics", "userMetadata"]


def _parsed(cell):
    """Cells of maps and arrays are JSON."""
    if cell and cell[0] in "[{":
        try:
            return json.loads(cell)
        except ValueError:
            return cell
    return cell


def _dicts(run, sql):
    columns, rows = run(sql)
    names = [name for name, _ in columns]
    return [dict(zip(names, row)) for row in rows]


def sorted_rows(rows):
    return sorted(rows, key=lambda row: json.dumps(row))


def detail(run, table):
    row = _dicts(run, f"DESCRIBE DETAIL {table}")[0]
    found = {name: _parsed(row.get(name)) for name in _DETAIL}
    found["tableFeatures"] = sorted(found["tableFeatures"] or [])
    return found


def history(run, table):
    return [{name: _parsed(entry.get(name)) for name in _HISTORY} for entry in _dicts(run, f"DESCRIBE HISTORY {table}")]


def rows_at(run, table, version):
    """The rows, sorted, or the error class: files may be gone."""
    try:
        columns, rows = run(f"SELECT * FROM {table} VERSION AS OF {version}")
    except Exception as error:
        if not hasattr(error, "error_class"):
            raise
        return {"error": error.error_class}
    return {"columns": columns, "rows": sorted_rows(rows)}


def of_now(run, table):
    columns, rows = run(f"SELECT * FROM {table}")
    return {"columns": columns, "rows": sorted_rows(rows), "detail": detail(run, table), "history": history(run, table)}


def of_table(run, table):
    now = of_now(run, table)
    return {**now, "versions": {entry["version"]: rows_at(run, table, entry["version"])
                                for entry in reversed(now["history"])}}


def of_question(run, sql):
    columns, rows = run(sql)
    return {"sql": sql, "columns": columns, "rows": sorted_rows(rows)}


def of_statement(run, statement, folder):
    """None, or what is compared of a statement that builds tables."""
    sql = statement.sql.replace("${folder}", str(folder))
    if "fails" in statement.directives:
        try:
            run(sql)
        except Exception as error:
            if not hasattr(error, "error_class"):
                raise
            return {"sql": statement.sql, "error": error.error_class}
        raise AssertionError(f"did not fail: {sql}")
    columns, rows = run(sql)
    if "rows" in statement.directives:
        return {"sql": statement.sql, "columns": columns, "rows": sorted_rows(rows)}
    return None
