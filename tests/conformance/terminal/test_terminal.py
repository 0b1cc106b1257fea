"""`tarn sql` on a real pseudo-terminal: prompt, history, completion, Ctrl-C, widths, colour."""

import os
import pathlib
import sys
import time

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from fixtures.tarn_server import PROGRAM  # noqa: E402
from terminal import Terminal  # noqa: E402

PROMPT = "main.default> "
ENDLESS = "SELECT count(*) FROM range(0, 1000000000000) WHERE id % 7 = 3"
UP, TAB, CTRL_A, CTRL_C, CTRL_D, CTRL_R = "\x1b[A", "\t", "\x01", "\x03", "\x04", "\x12"


@pytest.fixture
def shell(tarn_server, tmp_path):
    """Makes terminals with `tarn sql` in them, all with the same history."""
    def make(*words, columns=100, **environment):
        environment = {"XDG_STATE_HOME": str(tmp_path), "HOME": str(tmp_path), **environment}
        return Terminal([PROGRAM, "sql", "--data-dir", tarn_server["data_dir"], *words], environment, columns)
    return make


def test_a_statement_over_several_lines_has_a_continuation_prompt(shell):
    with shell() as terminal:
        terminal.expect(PROMPT)
        terminal.type("SELECT 41 +\n")
        terminal.expect("...> ")
        terminal.type("';' || 1;\n")
        terminal.expect(PROMPT)
        terminal.type("SELECT 40 +\n2 AS answer;\n")
        shown = terminal.expect("1 row (")
        assert "answer\n   INT\n──────\n    42\n" in shown
        terminal.expect(PROMPT)
        terminal.type(CTRL_D)
        assert terminal.wait() == 0


def test_the_history_outlives_the_program(shell):
    with shell() as terminal:
        terminal.expect(PROMPT)
        terminal.type("SELECT 'first' AS a;\n")
        terminal.expect("1 row (")
        terminal.expect(PROMPT)
        terminal.type("SELECT\n'second' AS b;\n")
        terminal.expect("1 row (")
        terminal.expect(PROMPT)
        terminal.type("\\quit\n")
        assert terminal.wait() == 0
    with shell() as terminal:
        terminal.expect(PROMPT)
        # \quit itself, then the statement of two lines, which comes back as one entry.
        terminal.type(UP + UP + "\n")
        assert "second" in terminal.expect("1 row (")
        terminal.expect(PROMPT)
        terminal.type(CTRL_R + "first")
        terminal.expect("first")
        terminal.type("\n")
        assert "first" in terminal.expect("1 row (")


def test_the_history_is_for_its_owner_only(shell, tmp_path):
    with shell() as terminal:
        terminal.expect(PROMPT)
        terminal.type("SELECT 1;\n")
        terminal.expect("1 row (")
        terminal.expect(PROMPT)
        terminal.type(CTRL_D)
        terminal.wait()
    assert (tmp_path / "tarn" / "sql_history").stat().st_mode & 0o077 == 0


def test_names_are_completed_from_the_server(shell):
    with shell() as terminal:
        terminal.expect(PROMPT)
        terminal.type("SELECT max(dep_delay) FROM sam" + TAB + ".nyc" + TAB + ".fli" + TAB + ";\n")
        shown = terminal.expect("1 row (")
        assert "1301" in shown
        terminal.expect(PROMPT)
        # A column of the table that follows the cursor.
        terminal.type("SELECT  FROM samples.nycflights.airlines WHERE carrier = 'AA';" + CTRL_A + "\x1bf" + "\x06")
        terminal.type("nam" + TAB + "\n")
        assert "American Airlines Inc." in terminal.expect("1 row (")


def test_several_candidates_are_listed(shell):
    with shell() as terminal:
        terminal.expect(PROMPT)
        terminal.type("SELECT * FROM samples.nycflights.air" + TAB)
        time.sleep(0.5)
        terminal.type(TAB)
        terminal.expect("airlines  airports")
        terminal.type(CTRL_C)
        terminal.expect(PROMPT)


def test_functions_and_keywords_are_completed(shell):
    with shell() as terminal:
        terminal.expect(PROMPT)
        terminal.type("sele" + TAB + " date_tru" + TAB + "'year', DATE'2013-05-06') AS y;\n")
        assert "2013-01-01" in terminal.expect("1 row (")


def test_ctrl_c_at_the_prompt_drops_what_is_typed(shell):
    with shell() as terminal:
        terminal.expect(PROMPT)
        terminal.type("SELECT nonsense\nFROM" + CTRL_C)
        terminal.expect("^C")
        terminal.expect(PROMPT)
        terminal.type("SELECT 5 AS five;\n")
        assert "five" in terminal.expect("1 row (")


def _cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _node(tarn_server):
    import json
    import subprocess
    said = subprocess.run([PROGRAM, "status", "--json", "--data-dir", tarn_server["data_dir"]], check=True,
                          capture_output=True, text=True).stdout
    return json.loads(said)["nodes"][0]["pid"]


def test_ctrl_c_cancels_the_statement_on_the_server_and_not_the_program(shell, tarn_server):
    with shell() as terminal:
        terminal.expect(PROMPT)
        terminal.type(ENDLESS + ";\n")
        terminal.expect("running  (Ctrl-C cancels)")
        terminal.type(CTRL_C)
        terminal.expect("cancelled")
        terminal.expect(PROMPT)
        before = _cpu_seconds(_node(tarn_server))
        time.sleep(1)
        assert _cpu_seconds(_node(tarn_server)) - before < 0.5, "the statement still runs on the node"
        terminal.type("SELECT 'alive' AS s;\n")
        assert "alive" in terminal.expect("1 row (")


def test_ctrl_c_ends_a_script_with_130(shell):
    with shell("-c", ENDLESS + "; SELECT 'never'") as terminal:
        terminal.expect("running")
        terminal.type(CTRL_C)
        assert terminal.wait() == 130
        assert "never" not in terminal.text


def test_a_table_keeps_to_the_width_of_the_terminal(shell):
    with shell(columns=60) as terminal:
        terminal.expect(PROMPT)
        terminal.type("SELECT repeat('x', 200) AS wide, 1234567 AS n;\n")
        shown = terminal.expect("1 row (")
        assert "x…  1234567\n" in shown
        terminal.expect(PROMPT)
        terminal.resize(30)
        terminal.type("SELECT 12345678901 AS alpha, 22345678901 AS beta, 32345678901 AS gamma;\n")
        shown = terminal.expect("1 row (")
        assert "─── row 1 ───\nalpha  12345678901\nbeta   22345678901\ngamma  32345678901\n" in shown


def test_colour_is_shown_unless_it_is_not_wanted(shell):
    with shell("-c", "SELECT nothing_here") as terminal:
        assert terminal.wait() == 1
        assert b"\x1b[1;31m[UNRESOLVED_COLUMN" in terminal.raw
        assert b"\x1b[31m-------^^^\x1b[0m" in terminal.raw
    with shell("-c", "SELECT nothing_here", NO_COLOR="1") as terminal:
        assert terminal.wait() == 1
        assert b"\x1b" not in terminal.raw


def test_commands_of_the_terminal(shell, tarn_server):
    with shell() as terminal:
        for typed, wanted in [
                ("\\?", "\\timing [on|off]"), ("\\timing", "Timing is off."), ("\\format json", "The format is json."),
                ("SELECT 1 AS a;", '{"a":1}'), ("\\format xml", "a format is table, vertical, csv or json"),
                ("\\format table", "The format is table."), ("\\warehouse", "* " + tarn_server["warehouses"][0]["id"]),
                ("\\warehouse nobody", "there is no warehouse 'nobody'"),
                ("\\connect", "Connected to " + tarn_server["http_url"]),
                ("\\connect /nowhere", "no server runs on /nowhere"),
                ("\\connect " + tarn_server["data_dir"], "Connected to " + tarn_server["http_url"]),
                ("\\nonsense", "There is no command \\nonsense")]:
            terminal.expect(PROMPT)
            terminal.type(typed + "\n")
            terminal.expect(wanted)
        terminal.expect(PROMPT)
        terminal.type("\\q\n")
        assert terminal.wait() == 0


def test_use_holds_until_it_is_changed(shell):
    with shell() as terminal:
        terminal.expect(PROMPT)
        terminal.type("USE samples.nycflights;\n")
        terminal.expect("samples.nycflights> ")
        terminal.type("SELECT count(*) AS n FROM airlines;\n")
        assert "16" in terminal.expect("1 row (")
        terminal.expect("samples.nycflights> ")
        terminal.type("USE nowhere;\n")
        terminal.expect("SCHEMA_NOT_FOUND")
        terminal.expect("samples.nycflights> ")
