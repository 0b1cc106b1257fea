"""Runs one *.slt file through one door, in a schema of its own."""

import math
import pathlib
import shutil

import pyarrow
import pyarrow.parquet

from runner import slt_file
from runner.doors import StatementFailed

_OUTSIDE = "/etc"


def lay_out_files(source, allowed):
    """Copies tests/sql/data into an allowed folder and writes the Parquet files that tests read."""
    shutil.copytree(source, allowed, dirs_exist_ok=True)
    table = pyarrow.table({"id": pyarrow.array([1, 2, 3], pyarrow.int32()),
                           "name": ["ada", None, "cy"], "score": [1.5, 2.5, None]})
    pyarrow.parquet.write_table(table, allowed / "people.parquet")
    good = (allowed / "people.parquet").read_bytes()
    (allowed / "corrupt.parquet").write_bytes(good[:len(good) // 2])
    units = {"u8": pyarrow.array([255], pyarrow.uint8()), "u64": pyarrow.array([2**64 - 1], pyarrow.uint64()),
             "ns": pyarrow.array([1714557600123456000], pyarrow.timestamp("ns")),
             "ms": pyarrow.array([1714557600123], pyarrow.timestamp("ms"))}
    pyarrow.parquet.write_table(pyarrow.table(units), allowed / "units.parquet")
    for folder, ids in {"day=2024-01-01/n=1": [1, 2], "day=2024-01-02/n=__HIVE_DEFAULT_PARTITION__": [3]}.items():
        part = allowed / "partitioned" / folder
        part.mkdir(parents=True, exist_ok=True)
        pyarrow.parquet.write_table(pyarrow.table({"id": pyarrow.array(ids, pyarrow.int64()),
                                                   "name": [f"n{i}" for i in ids]}), part / "part-0.parquet")
    for name, text in {"odd/a[1].csv": "1", "odd/b1.csv": "2", "odd/_done/c.csv": "3", "odd/.d.csv": "4",
                       "odd/_e.csv": "5"}.items():
        (allowed / name).parent.mkdir(parents=True, exist_ok=True)
        (allowed / name).write_text(text + "\n")
    return allowed


def _variables(door, path, allowed):
    schema = f"{path.stem}_{door.name}".lower().replace("-", "_")
    return {"${schema}": schema, "${allowed}": str(allowed), "${outside}": _OUTSIDE,
            "${volume}": f"/Volumes/main/{schema}/files"}


def _filled_in(text, variables):
    for name, value in variables.items():
        text = text.replace(name, value)
    return text


def _same_double(a, b):
    try:
        return "." in a and math.isclose(float(a), float(b), rel_tol=1e-15)
    except ValueError:
        return False


def _with_anything(rows, seen):
    """The expected rows, with the cells of `seen` in the place of ${any} and of doubles that differ in
    the last digits only: mathematical libraries round differently there."""
    if len(rows) != len(seen):
        return rows
    filled = []
    for row, got in zip(rows, seen):
        cells, got_cells = row.split("\t"), got.split("\t")
        if len(cells) == len(got_cells):
            cells = [g if c == "${any}" or _same_double(c, g) else c for c, g in zip(cells, got_cells)]
        filled.append("\t".join(cells))
    return filled


def _plain_type(name):
    if name.startswith("interval"):
        return "interval_year_month" if "year" in name or "month" in name else "interval_day_time"
    plain = {"timestamp_ntz": "timestamp", "void": "null"}
    return name if name.startswith("decimal") else plain.get(name, name.split("<")[0])


def _expected_and_seen(record, answer, variables):
    """Pairs of (what, expected, seen), all as text."""
    seen = ["\t".join(slt_file.escape(cell) for cell in row) for row in answer.rows]
    rows = [_filled_in(row, variables) for row in record.rows]
    if record.rowsort:
        rows, seen = sorted(rows), sorted(seen)
    rows = _with_anything(rows, seen)
    types = [t.replace("`", "").replace(": ", ":").replace(", ", ",").replace(" not null", "") for t in answer.types]
    expected = record.types if answer.exact_types else [_plain_type(t) for t in record.types]
    pairs = [("types", ",".join(expected), ",".join(types)), ("rows", "\n".join(rows), "\n".join(seen))]
    if record.names is not None:
        pairs.append(("names", _filled_in("\t".join(record.names), variables), "\t".join(answer.names)))
    return pairs


def _message_problem(expected, seen):
    """Doors put the class before the message and the SQLSTATE, or more, behind it."""
    begin = seen.find("] ") + 2
    rest = seen[begin:].removeprefix(expected)
    whole = seen[begin:].startswith(expected) and (not rest or rest.lstrip(" .").startswith("SQLSTATE") or rest[0] == "\n")
    return "" if not expected or whole else f"message expected:\n{expected}\nmessage seen:\n{seen}"


def _problem(record, door, session, variables):
    """Text that says what is wrong, or an empty one."""
    try:
        if record.kind == "upload":
            local, volume_path = (_filled_in(word, variables) for word in record.upload)
            door.put(pathlib.Path(variables["${allowed}"]) / local, volume_path)
            return ""
        answer = session.run(_filled_in(record.sql, variables))
    except StatementFailed as error:
        if record.kind == "error" and error.error_class == record.error:
            return _message_problem(_filled_in(record.message, variables), str(error))
        return f"expected {record.error or 'no error'}, seen {error.error_class}: {error}"
    if record.kind == "error":
        return f"expected {record.error}, seen rows {answer.rows[:3]}"
    if record.kind == "ok":
        return ""
    return "\n".join(f"{what} expected:\n{expected}\n{what} seen:\n{seen}"
                     for what, expected, seen in _expected_and_seen(record, answer, variables)
                     if expected != seen)


def run_file(door, path, allowed):
    """Problems found, and how many records ran."""
    variables = _variables(door, path, allowed)
    schema = variables["${schema}"]
    start = door.session("default")
    start.run(f"CREATE SCHEMA main.{schema}")
    start.run(f"CREATE VOLUME main.{schema}.files")
    sessions, problems, ran = {}, [], 0
    try:
        for record in slt_file.parse(path.read_text()):
            if not record.runs_at(door.name):
                continue
            if record.user not in sessions:
                sessions[record.user] = door.session(schema, record.user)
            ran += 1
            problem = _problem(record, door, sessions[record.user], variables)
            if problem:
                problems.append(f"{path.name}:{record.line}: {record.sql}\n{problem}")
    finally:
        for session in sessions.values():
            session.close()
        start.run(f"DROP SCHEMA main.{schema} CASCADE")
        start.close()
    return problems, ran
