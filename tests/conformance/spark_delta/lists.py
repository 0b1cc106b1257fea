"""The checked-in lists of this folder, accepted.toml and pending.toml: read, and written by an update.

TARN_UPDATE_LISTS=1 lets a run write them instead of compare with them: cases that work leave pending.toml,
lines that nothing matched leave accepted.toml, and what is new is added for somebody to look at. Other rows
than Spark's are never added: they fail until they are right.
"""

import json
import os
import re
import tomllib

import script

UPDATE = bool(os.environ.get("TARN_UPDATE_LISTS"))
_NEW = "to be looked at"
_ROWS = re.compile(r"\w+ \w+ (question|statement|\S+?\.(rows|versions|columns)\b)")
_ACCEPTED = script.HERE / "accepted.toml"
_PENDING = script.HERE / "pending.toml"

found = {}      # (check, case): (lines that no pattern accepts, how it failed or "")


def accepted():
    """{"accepted": entries, "defects": entries}"""
    return tomllib.loads(_ACCEPTED.read_text())


def pending():
    return tomllib.loads(_PENDING.read_text()).get("pending", [])


def concerns(line, checks):
    """Whether a pattern is of these checks; one that starts with `*` is of all and belongs to `script`."""
    first = line.split(" ")[0]
    return (first if first in ("read", "script", "spark", "mixed") else "script") in checks


def _write(path, tables):
    comment = [line for line in path.read_text().splitlines() if line.startswith("#")]
    blocks = []
    for name, entries in tables.items():
        for entry in entries:
            fields = []
            for key, value in entry.items():
                inner = ",\n  " if key == "lines" else ", "
                text = json.dumps(value, ensure_ascii=False) if isinstance(value, str) else (
                    "[" + inner.join(json.dumps(one, ensure_ascii=False) for one in value) + "]")
                fields.append(f"{key} = {text}")
            blocks.append("\n".join([f"[[{name}]]", *fields]))
    path.write_text("\n\n".join(["\n".join(comment), *blocks]) + "\n")


def _still_pending():
    entries = []
    for entry in pending():
        cases = [case for case in entry["cases"] if found.get((entry["check"], case), ([], entry["says"]))[1]]
        if cases:
            entries.append({**entry, "cases": cases})
    known = {(entry["check"], case): entry for entry in entries for case in entry["cases"]}
    for (check, case), (_, failure) in sorted(found.items()):
        entry = known.get((check, case))
        if failure and (entry is None or entry["says"] not in failure):
            if entry:
                entry["cases"].remove(case)
            entries.append({"check": check, "cases": [case], "says": failure.split(":")[0], "reason": _NEW})
    return [entry for entry in entries if entry["cases"]]


def update(met):
    """Writes both lists from what this run found; `met`: the accepted patterns that something matched."""
    _write(_PENDING, {"pending": _still_pending()})
    checks = {check for check in {check for check, _ in found}
              if all((check, case) in found for case in script.names())}
    tables = {name: [{**entry, "lines": [line for line in entry["lines"] if line in met or not concerns(line, checks)]}
                     for entry in entries] for name, entries in accepted().items()}
    new = [line for lines, _ in found.values() for line in lines if not _ROWS.match(line)]
    if new:
        tables.setdefault("defects", []).append({"owner": "nobody's yet", "reason": _NEW, "lines": sorted(set(new))})
    _write(_ACCEPTED, {name: [entry for entry in entries if entry["lines"]] for name, entries in tables.items()})
