"""Names of statements, and the pages as they are in the repository."""

import test_coverage


def test_the_name_of_a_statement():
    for sql, name in {
        "SELECT 1": "SELECT",
        "CREATE OR REPLACE TABLE t (a INT)": "CREATE OR REPLACE TABLE",
        "SHOW TABLES IN main.s": "SHOW TABLES",
        "INSERT INTO t VALUES (1)": "INSERT INTO",
        "DELETE FROM t": "DELETE",
        "GRANT SELECT ON TABLE t TO x": "GRANT",
        "t": "",
    }.items():
        assert test_coverage.statement_name(sql) == name


def test_a_statement_runs_when_one_record_does():
    page = test_coverage.statements_page(["statement ok\nTRUNCATE TABLE t\n\nstatement error UNSUPPORTED_FEATURE\nUPDATE t SET a = 1\n"])
    assert "| TRUNCATE TABLE | yes |" in page and "| UPDATE | refused |" in page


def test_the_pages_are_up_to_date():
    for name, text in test_coverage.pages().items():
        assert (test_coverage._PAGES / name).read_text() == text, "run tools/test_coverage.py"
