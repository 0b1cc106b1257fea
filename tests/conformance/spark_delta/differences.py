"""Differences as lines of text, and the checked-in lists of those that are accepted or pending.

accepted.toml: `[[accepted]]` with `reason` and `lines`, patterns of `CHECK CASE LINE` where `*` stands for
any text; `[[defects]]` is the same for those that are to go away, with `owner`. What no line matches any
more has to be taken out.
pending.toml:  `[[pending]]` with `check`, `cases`, `says` (a piece of how it fails) and `reason`. A pending
case has to fail that way; when it works, the test says to take it out.
The checks: `read` (Tarn reads Spark's table), `script` (Tarn runs the statements), `spark` (Spark reads
what Tarn's run left), `mixed` (both write one table in turns).
"""

import functools
import json
import re

import lists
import script

_LONGEST = 300


def _lines(where, spark, tarn):
    if isinstance(spark, dict) and isinstance(tarn, dict):
        for key in sorted(set(spark) | set(tarn), key=str):
            inner = f"{where}.{key}" if where else str(key)
            if key not in tarn:
                yield f"{inner}: only Spark: {_text(spark[key])}"
            elif key not in spark:
                yield f"{inner}: only Tarn: {_text(tarn[key])}"
            else:
                yield from _lines(inner, spark[key], tarn[key])
    elif isinstance(spark, list) and isinstance(tarn, list):
        yield from _list_lines(where, spark, tarn)
    elif spark != tarn:
        yield f"{where}: Spark {_text(spark)} Tarn {_text(tarn)}"


def _list_lines(where, spark, tarn):
    """Elements that are equal are set against each other first; dicts then by their place."""
    only_spark = [x for x in spark if x not in tarn]
    only_tarn = [x for x in tarn if x not in spark]
    if len(spark) == len(tarn) and spark and all(isinstance(x, dict) for x in spark + tarn):
        for mine, theirs in zip(only_spark, only_tarn):
            yield from _lines(f"{where}[]", mine, theirs)
        return
    for x in only_spark:
        yield f"{where}: only Spark: {_text(x)}"
    for x in only_tarn:
        yield f"{where}: only Tarn: {_text(x)}"
    if not only_spark and not only_tarn and spark != tarn:
        yield f"{where}: in another order or number: Spark {_text(spark)} Tarn {_text(tarn)}"


def _text(value):
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def of(where, spark, tarn):
    return list(_lines(where, spark, tarn))


@functools.cache
def _accepted():
    return [(line, re.compile(re.escape(line).replace(r"\*", ".*"), re.DOTALL))
            for entries in lists.accepted().values() for entry in entries for line in entry["lines"]]


@functools.cache
def _pending():
    return {(entry["check"], case): entry for entry in lists.pending() for case in entry["cases"]}


met = set()        # the accepted patterns that something matched
ran = set()        # (check, case)


def is_pending(check, case):
    return (check, case) in _pending()


def unaccepted(check, case, lines):
    left = []
    for line in dict.fromkeys(lines):
        full = f"{check} {case} {line}"
        matching = [pattern for pattern, compiled in _accepted() if compiled.fullmatch(full)]
        met.update(matching)
        if not matching:
            left.append(full)
    return left


def check(name, case, body):
    """`body()` gives lines of differences, or raises: both have to be as the lists say."""
    ran.add((name, case))
    entry = _pending().get((name, case))
    left, failure = [], ""
    try:
        left = unaccepted(name, case, body())
    except Exception as error:
        if not hasattr(error, "error_class"):
            raise
        failure = f"{error.error_class}: {error}"
    if lists.UPDATE:
        lists.found[(name, case)] = left, failure
        return
    problem = failure or "\n".join(left)
    if entry is None:
        assert not problem, f"{len(problem.splitlines())} differences\n{problem}"
        return
    print(f"pending: {name} {case}: {entry['reason']}")
    assert problem, f"{name} {case} works now: take it out of pending.toml ({entry['reason']})"
    assert entry["says"] in problem, f"pending because of {entry['says']}, but:\n{problem}"


def not_met(checks):
    """The accepted patterns of these checks that nothing matched; none while cases were left out."""
    complete = all((name, case) in ran for name in checks for case in script.names())
    if not complete or lists.UPDATE:
        return []
    return [line for line, _ in _accepted() if line not in met and lists.concerns(line, checks)]
