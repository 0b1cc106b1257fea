import csv
import pathlib

from playwright.sync_api import expect

from page_statements import ALL_FLIGHTS
from workspace_page import WorkspacePage

_VALUES = (
    "SELECT 1 AS id, CAST(NULL AS STRING) AS missing, '' AS empty, 'NULL' AS word,\n"
    "  'say \"hi\", all' AS quoted, 'one\\ntwo' AS lines, CAST(1.50 AS DECIMAL(10,2)) AS price"
)


def test_values_keep_their_types_and_nulls(workspace: WorkspacePage, shot) -> None:
    page = workspace.page
    workspace.run(_VALUES)
    headers = page.get_by_role("columnheader").all_inner_texts()
    assert [header.split("\n") for header in headers[1:]] == [
        ["id", "int"],
        ["missing", "string"],
        ["empty", "string"],
        ["word", "string"],
        ["quoted", "string"],
        ["lines", "string"],
        ["price", "decimal(10,2)"],
    ]
    null = workspace.cell(0, 1).locator(".grid-null")
    expect(null).to_have_text("NULL")
    expect(workspace.cell(0, 3).locator(".grid-null")).to_have_count(0)
    expect(workspace.cell(0, 3)).to_have_text("NULL")
    expect(workspace.cell(0, 0)).to_have_css("text-align", "end")
    expect(workspace.cell(0, 6)).to_have_css("text-align", "end")
    expect(workspace.cell(0, 4)).to_have_css("text-align", "start")
    shot(page)


def test_long_result_is_loaded_where_one_looks(workspace: WorkspacePage, shot) -> None:
    page = workspace.page
    page.get_by_label("Rows up to").select_option("100000")
    workspace.run(ALL_FLIGHTS)
    expect(workspace.result_state).to_have_text("100,000 rows")
    expect(workspace.grid).to_have_attribute("aria-rowcount", "100001")
    workspace.grid.focus()
    page.keyboard.press("ControlOrMeta+End")
    last = page.get_by_role("row").last
    expect(last).to_have_attribute("aria-rowindex", "100001")
    expect(workspace.cell(99_999, 18)).to_contain_text("2013")
    # Only what can be seen is in the page.
    assert page.get_by_role("row").count() < 80
    shot(page)


def test_csv_download_is_all_rows_up_to_the_limit_and_says_so(
    workspace: WorkspacePage, tmp_path: pathlib.Path
) -> None:
    page = workspace.page
    page.get_by_label("Rows up to").select_option("10000")
    workspace.run(ALL_FLIGHTS)
    with page.expect_download() as download:
        page.get_by_role("button", name="CSV download").click()
    path = tmp_path / download.value.suggested_filename
    download.value.save_as(path)
    assert path.suffix == ".csv"
    with path.open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][:3] == ["year", "month", "day"]
    assert len(rows) == 10_001
    assert {len(row) for row in rows} == {19}
    expect(page.get_by_text("10,000 rows downloaded, the result has more")).to_be_visible()


def test_csv_download_quotes_what_needs_it(
    workspace: WorkspacePage, tmp_path: pathlib.Path
) -> None:
    workspace.run(_VALUES)
    with workspace.page.expect_download() as download:
        workspace.page.get_by_role("button", name="CSV download").click()
    path = tmp_path / "values.csv"
    download.value.save_as(path)
    text = path.read_bytes().decode()
    assert text.startswith("id,missing,empty,word,quoted,lines,price\r\n")
    assert '1,,"",NULL,"say ""hi"", all","one\ntwo",1.50\r\n' in text


def test_cells_are_selected_and_copied_by_keyboard(new_context, server) -> None:
    context = new_context(permissions=["clipboard-read", "clipboard-write"])
    workspace = WorkspacePage(context.new_page())
    workspace.sign_in(server.token)
    workspace.run("SELECT * FROM VALUES (1, 'a'), (2, NULL), (3, 'c') AS t(n, s) ORDER BY n")
    keyboard = workspace.page.keyboard
    workspace.grid.focus()
    keyboard.press("Shift+ArrowDown")
    keyboard.press("Shift+ArrowRight")
    keyboard.press("ControlOrMeta+c")
    expect(workspace.page.get_by_text("4 cells copied")).to_be_visible()
    assert workspace.page.evaluate("navigator.clipboard.readText()") == "1\ta\n2\t"
    keyboard.press("Home")
    keyboard.press("ArrowDown")
    keyboard.press("ControlOrMeta+c")
    expect(workspace.page.get_by_text("Cell copied")).to_be_visible()
    assert workspace.page.evaluate("navigator.clipboard.readText()") == "3"


def test_a_long_value_opens_whole(workspace: WorkspacePage, shot) -> None:
    page = workspace.page
    workspace.run("SELECT repeat('tarn ', 500) AS long_text")
    workspace.grid.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Value of long_text, row 1")
    expect(dialog).to_contain_text("2,500 characters")
    assert dialog.locator("pre").inner_text() == "tarn " * 500
    shot(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(workspace.grid).to_be_focused()


def test_no_rows_is_not_an_error(workspace: WorkspacePage) -> None:
    workspace.run("SELECT * FROM samples.nycflights.airlines WHERE carrier = 'none such'")
    expect(workspace.result_state).to_have_text("0 rows")
    expect(workspace.page.get_by_role("columnheader", name="carrier")).to_be_visible()


def test_a_plan_is_shown_as_text(workspace: WorkspacePage, shot) -> None:
    workspace.run("EXPLAIN SELECT carrier, count(*) FROM samples.nycflights.flights GROUP BY carrier")
    text = workspace.page.locator("pre.text-result-text")
    expect(text).to_contain_text("flights")
    assert "\n" in text.inner_text().strip()
    shot(workspace.page)
