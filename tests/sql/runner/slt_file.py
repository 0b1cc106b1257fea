"""Reads and writes *.slt files; the format is in tests/sql/README.md."""

import dataclasses


@dataclasses.dataclass
class Record:
    """One statement with what has to come of it. `line` counts from 1."""
    kind: str                       # ok, error, query, upload
    line: int
    sql: str = ""
    error: str = ""                 # error class
    message: str = ""               # of the error, without class and SQLSTATE; empty: any
    types: list = dataclasses.field(default_factory=list)
    names: list | None = None
    rowsort: bool = False
    rows: list = dataclasses.field(default_factory=list)      # lines as written
    user: str = ""                  # empty: the administrator
    only: set = dataclasses.field(default_factory=set)        # doors; empty: all
    skip: set = dataclasses.field(default_factory=set)
    upload: tuple = ()              # file below tests/sql/data, path in a volume

    def runs_at(self, door):
        return door not in self.skip and (not self.only or door in self.only)


class FormatError(Exception):
    pass


def split_types(text):
    """`int,decimal(10,2),array<struct<a:int,b:int>>` at the commas of the outermost level."""
    types, depth, word = [], 0, ""
    for c in text:
        if c == "," and depth == 0:
            types.append(word)
            word = ""
            continue
        depth += (c in "(<") - (c in ")>")
        word += c
    return types + [word] if word else types


def escape(cell):
    if cell is None:
        return "NULL"
    if cell == "":
        return "(empty)"
    return cell.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _blocks(text):
    """Lists of (line number, line) between empty lines, without the comments they start with."""
    block = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#") and not block:
            continue
        if line.strip():
            block.append((number, line))
        elif block:
            yield block
            block = []
    if block:
        yield block


def parse(text):
    records = []
    user = ""
    for block in _blocks(text):
        record = Record("", block[0][0], user=user)
        lines = list(block)
        while lines and not record.kind:
            number, line = lines.pop(0)
            word, _, rest = line.partition(" ")
            if word == "as":
                user = record.user = "" if rest == "admin" else rest
            elif word == "onlyif":
                record.only.add(rest)
            elif word == "skipif":
                record.skip.add(rest)
            elif word == "names":
                record.names = rest.split("\t")
            elif word == "upload":
                record.kind, record.upload = "upload", tuple(rest.split(" "))
            elif word == "statement" and rest == "ok":
                record.kind = "ok"
            elif word == "statement" and rest.startswith("error "):
                record.kind, record.error = "error", rest[len("error "):]
            elif word == "query":
                record.kind = "query"
                words = rest.split(" ")
                if words[-1] in ("rowsort", "nosort"):
                    record.rowsort = words.pop() == "rowsort"
                record.types = split_types(" ".join(words))
            else:
                raise FormatError(f"line {number}: {line!r} is no directive")
            record.line = number
        if not record.kind:
            continue
        sql = []
        while lines and lines[0][1] != "----":
            sql.append(lines.pop(0)[1])
        record.sql = "\n".join(sql)
        if record.kind == "query":
            if not lines:
                raise FormatError(f"line {record.line}: a query needs a line ---- before its rows")
            record.rows = [line for _, line in lines[1:]]
        elif lines and record.kind == "error":
            record.message = "\n".join(line for _, line in lines[1:])
        elif lines:
            raise FormatError(f"line {lines[0][0]}: only a query has rows, and an error its message")
        records.append(record)
    return records
