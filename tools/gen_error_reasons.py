#!/usr/bin/env python3
"""Turns src/base/error_reasons.txt into the sorted C++ rows that base/error.cc searches.

Usage: gen_error_reasons.py TABLE OUTPUT
Columns: REASON CODE SQLSTATE HTTP_STATUS REST_ERROR_CODE retriable|final
"""
import re
import sys

CODES = {
    "CANCELLED": "kCancelled", "UNKNOWN": "kUnknown", "INVALID_ARGUMENT": "kInvalidArgument",
    "DEADLINE_EXCEEDED": "kDeadlineExceeded", "NOT_FOUND": "kNotFound",
    "ALREADY_EXISTS": "kAlreadyExists", "PERMISSION_DENIED": "kPermissionDenied",
    "RESOURCE_EXHAUSTED": "kResourceExhausted", "FAILED_PRECONDITION": "kFailedPrecondition",
    "ABORTED": "kAborted", "OUT_OF_RANGE": "kOutOfRange", "UNIMPLEMENTED": "kUnimplemented",
    "INTERNAL": "kInternal", "UNAVAILABLE": "kUnavailable", "DATA_LOSS": "kDataLoss",
    "UNAUTHENTICATED": "kUnauthenticated",
}


def rows(path):
    seen = {}
    for number, line in enumerate(open(path, encoding="utf-8"), 1):
        line = line.split("#", 1)[0].strip()
        if not line:
            continue
        cells = line.split()
        where = f"{path}:{number}"
        if len(cells) != 6:
            sys.exit(f"{where}: six columns are needed, {len(cells)} found")
        reason, code, state, http, rest, retry = cells
        if not re.fullmatch(r"[A-Z][A-Z0-9_.]*", reason):
            sys.exit(f"{where}: {reason} is not a reason")
        if reason in seen:
            sys.exit(f"{where}: {reason} is already on line {seen[reason]}")
        if code not in CODES:
            sys.exit(f"{where}: {code} is not a canonical code")
        if state != "-" and not re.fullmatch(r"[0-9A-Z]{5}", state):
            sys.exit(f"{where}: {state} is not an SQLSTATE")
        if not re.fullmatch(r"[1-5][0-9]{2}", http):
            sys.exit(f"{where}: {http} is not an HTTP status")
        if retry not in ("retriable", "final"):
            sys.exit(f"{where}: the last column is retriable or final")
        seen[reason] = number
        yield reason, CODES[code], "" if state == "-" else state, http, rest, retry


def main():
    table, output = sys.argv[1:]
    lines = [
        f'{{"{r}", Code::{c}, "{s}", {h}, "{e}", {"true" if t == "retriable" else "false"}}},\n'
        for r, c, s, h, e, t in sorted(rows(table))
    ]
    with open(output, "w", encoding="utf-8") as out:
        out.writelines(lines)


if __name__ == "__main__":
    main()
