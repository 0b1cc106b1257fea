"""Reads cases/*/*.sql: the statements that Spark and Tarn both run.

Statements end with `;` at a line's end. A comment line before a statement may be a directive for it:
  -- fails       it has to fail, with the same error class everywhere
  -- ask         a query, asked of the finished tables (by Tarn also of the tables that Spark left)
  -- rows        what the statement itself answers is compared
  -- only spark, -- only tarn
Lines before the first statement: `-- tables: t u` names the tables (default: t), `-- parquet: t p` has
Tarn's run start with the Parquet files of Spark's table t in ${folder}/p; other comments are for people.
`${folder}` in a statement is a folder of the run's own.
"""

import dataclasses
import pathlib

HERE = pathlib.Path(__file__).resolve().parent
CASES = HERE / "cases"
RECORDED = HERE / "recorded"
_DIRECTIVES = {"fails", "ask", "rows", "only spark", "only tarn"}


@dataclasses.dataclass
class Statement:
    sql: str
    directives: frozenset

    def runs_on(self, engine):
        only = {d.removeprefix("only ") for d in self.directives if d.startswith("only ")}
        return not only or engine in only


@dataclasses.dataclass
class Case:
    name: str
    tables: list
    parquet: list
    statements: list     # those that build the tables
    questions: list      # texts of the `-- ask` queries


def _paths():
    return {path.stem: path for path in CASES.glob("*/*.sql")}


def names():
    return sorted(_paths())


def recorded(name, suffix):
    """The file of what Spark left or said of a case."""
    return RECORDED / _paths()[name].parent.name / f"{name}{suffix}"


def parse(name, text):
    case = Case(name, ["t"], [], [], [])
    directives, lines = set(), []
    for line in text.splitlines():
        if not lines and line.startswith("--"):
            words = line.removeprefix("--").strip()
            if words.startswith("tables:"):
                case.tables = words.removeprefix("tables:").split()
            elif words.startswith("parquet:"):
                case.parquet = words.removeprefix("parquet:").split()
            elif words in _DIRECTIVES:
                directives.add(words)
            continue
        if not lines and not line.strip():
            continue
        lines.append(line)
        if not line.endswith(";"):
            continue
        sql = "\n".join(lines)[:-1]
        if "ask" in directives:
            case.questions.append(sql)
        else:
            case.statements.append(Statement(sql, frozenset(directives)))
        directives, lines = set(), []
    if lines:
        raise ValueError(f"{name}.sql: the last statement has no `;` at the end of a line")
    return case


def load(name):
    return parse(name, _paths()[name].read_text())
