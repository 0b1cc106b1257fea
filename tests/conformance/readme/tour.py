"""The tour of the README: blocks of shell with the output shown below each of them."""

import dataclasses
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[3]
README = ROOT / "README.md"
_ENVIRONMENT = re.compile(r"```bash environment\n(.*?)```", re.S)
_BLOCK = re.compile(r"```bash tour( fails)?\n(.*?)```\n(?:```text\n(.*?)```\n)?", re.S)
_SQL = re.compile(r'bin/tarn sql -c "([^"]*)"')
_FURTHER = pathlib.Path(__file__).with_name("flight_queries.sql")
SAMPLES = "samples.nycflights."


@dataclasses.dataclass(frozen=True)
class Block:
    script: str
    output: str
    fails: bool

    def render(self, output):
        """The block as the README would show it with this output."""
        head = f"```bash tour{' fails' if self.fails else ''}\n{self.script}```\n"
        return head + (f"```text\n{output}```\n" if output else "")


def environment(text):
    """The lines that a reader runs once, before the blocks."""
    return _ENVIRONMENT.search(text).group(1)


def blocks(text):
    return [Block(script, output, bool(fails)) for fails, script, output in _BLOCK.findall(text)]


def flight_queries():
    """The SELECTs over the sample data: those of the tour and those of flight_queries.sql."""
    shown = [sql.strip() for block in blocks(README.read_text()) for sql in _SQL.findall(block.script)]
    of_samples = [sql for sql in shown if sql.startswith(("SELECT", "WITH")) and SAMPLES in sql]
    return of_samples + [part.strip() for part in _FURTHER.read_text().split(";\n") if part.strip()]
