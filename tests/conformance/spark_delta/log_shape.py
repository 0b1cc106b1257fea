"""A Delta log as data that two engines' logs of the same statements can be compared by.

Names, times, sizes and identifiers are left out or replaced; what stays has to be the same: the actions
of each commit with their fields, statistics, partition values, protocol, metadata, operation, parameters
and the names of the metrics (and the values of those that count rows or files).
"""

import json
import re

_MEASURED = re.compile(r"(Ms|Bytes\w*|\w*FileSize|Size|SizeAfterRestore|sizeOfDataToDelete)$")    # times and sizes: only their names
_EXPRESSION_ID = re.compile(r"#\d+L?")
_PHYSICAL = re.compile(r"(?<![\w-])col-[0-9a-f]{8}-[0-9a-f-]{27}")
_MATERIALIZED = re.compile(r"(_row-id-col|_row-commit-version-col)-[0-9a-f-]{36}")
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def without_ids(text):
    """Names of the columns for row ids have no identifier in them."""
    return _MATERIALIZED.sub(r"\1", text)


def _plain_names(text, seen):
    """Physical names by the order in which they come; those of row ids by what they are for."""
    text = without_ids(text)
    return _PHYSICAL.sub(lambda found: seen.setdefault(found.group(), f"col-{len(seen)}"), text)


def _parsed(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def _metrics(metrics):
    return {name: "measured" if _MEASURED.search(name) else value for name, value in (metrics or {}).items()}


def _parameters(parameters):
    texts = {name: value if isinstance(value, str) else json.dumps(value) for name, value in (parameters or {}).items()}
    return {name: _UUID.sub("uuid", _EXPRESSION_ID.sub("", text)) for name, text in texts.items()}


def _commit_info(info):
    return {"fields": sorted(info), "operation": info.get("operation"),
            "parameters": _parameters(info.get("operationParameters")), "metrics": _metrics(info.get("operationMetrics")),
            **{name: info.get(name) for name in ("readVersion", "isolationLevel", "isBlindAppend", "userMetadata", "tags")}}


def _file(action):
    """An add, remove or cdc action."""
    vector = action.get("deletionVector")
    return {"fields": sorted(action), "partitionValues": action.get("partitionValues"),
            "stats": _parsed(action["stats"]) if action.get("stats") else None,
            "tags": sorted(action.get("tags") or []), "dataChange": action.get("dataChange"),
            "baseRowId": action.get("baseRowId"), "defaultRowCommitVersion": action.get("defaultRowCommitVersion"),
            "deletionVector": vector and {"fields": sorted(vector), "cardinality": vector["cardinality"]}}


def _metadata(action):
    return {"fields": sorted(action), "schema": json.loads(action["schemaString"]), "name": action.get("name"),
            **{name: action.get(name) for name in ("description", "partitionColumns", "configuration", "format")}}


def _domain(action):
    return {**action, "configuration": _UUID.sub("uuid", action.get("configuration", ""))}


_SHAPES = {"commitInfo": _commit_info, "add": _file, "remove": _file, "cdc": _file, "metaData": _metadata,
           "protocol": lambda action: {key: sorted(v) if isinstance(v, list) else v for key, v in action.items()},
           "domainMetadata": _domain, "txn": lambda action: {"fields": sorted(action), **action, "lastUpdated": None}}


def commits(table_folder):
    """{version: {kind: [shapes]}} of the commits in the log."""
    seen, found = {}, {}
    for path in sorted((table_folder / "_delta_log").glob("*.json")):
        if not path.stem.isdigit():
            continue
        kinds = {}
        for line in _plain_names(path.read_text(), seen).splitlines():
            (kind, action), = json.loads(line).items()
            kinds.setdefault(kind, []).append(_SHAPES[kind](action))
        found[int(path.stem)] = {kind: sorted(shapes, key=json.dumps) for kind, shapes in kinds.items()}
    return found


def files(table_folder):
    """What lies in the log folder, by kind: which versions have a checkpoint, a checksum, a compaction."""
    kinds = {}
    for path in sorted((table_folder / "_delta_log").glob("**/*")):
        name = path.name
        if path.is_file() and not (name.startswith(".") and name.endswith(".crc")):
            kinds.setdefault(_UUID.sub("uuid", re.sub(r"^\d{20}", "N", name)), []).append(name[:20].lstrip("0") or "0")
    return {kind: versions if kind.startswith("N") else len(versions) for kind, versions in kinds.items()}
