import re

import tour
from playwright.sync_api import expect

from page_statements import COUNT_FLIGHTS, ENDLESS, FLIGHT_COUNT, MISSPELLED
from workspace_page import WorkspacePage


def test_first_query_is_one_click_away(workspace: WorkspacePage, shot) -> None:
    workspace.page.get_by_role("button", name=COUNT_FLIGHTS).click()
    expect(workspace.result_state).to_have_text("1 row", timeout=60_000)
    assert workspace.rows() == [[FLIGHT_COUNT]]
    workspace.expect_text(COUNT_FLIGHTS)
    shot(workspace.page)


def test_ctrl_enter_runs_the_statement_at_the_cursor(workspace: WorkspacePage) -> None:
    workspace.write("SELECT 'a;b' AS first; -- not; here\nSELECT 2 AS second;\nSELECT 3 AS third")
    keyboard = workspace.page.keyboard
    keyboard.press("ArrowUp")
    keyboard.press("ControlOrMeta+Enter")
    workspace.wait_for_end(1)
    assert workspace.rows() == [["2"]]
    keyboard.press("ControlOrMeta+Home")
    keyboard.press("ControlOrMeta+Enter")
    workspace.wait_for_end(2)
    assert workspace.rows() == [["a;b"]]


def test_a_selection_is_run_alone(workspace: WorkspacePage) -> None:
    workspace.write("SELECT 41 + 1")
    for _ in " + 1":
        workspace.page.keyboard.press("Shift+ArrowLeft")
    workspace.page.keyboard.press("ArrowLeft")
    workspace.page.keyboard.press("Shift+Home")
    workspace.page.keyboard.press("ControlOrMeta+Enter")
    workspace.wait_for_end(1)
    assert workspace.rows() == [["41"]]


def test_run_all_stops_at_the_first_failure(workspace: WorkspacePage) -> None:
    workspace.write("SELECT 1 AS a;\nSELECT FROM WHERE;\nSELECT 3 AS c;")
    workspace.page.keyboard.press("ControlOrMeta+Shift+Enter")
    workspace.wait_for_end(2)
    expect(workspace.failure).to_be_visible()


def test_the_first_query_of_the_tour(workspace: WorkspacePage, server, shot) -> None:
    sql = tour.flight_queries()[0]
    warehouse = server.call("GET", "/api/2.0/sql/warehouses")["warehouses"][0]["id"]
    body = {"warehouse_id": warehouse, "statement": sql, "wait_timeout": "50s"}
    expected = server.call("POST", "/api/2.0/sql/statements", json=body)["result"]["data_array"]
    assert len(expected) > 3
    workspace.run(sql)
    expect(workspace.result_state).to_have_text(f"{len(expected)} rows")
    assert workspace.rows() == expected
    shot(workspace.page)


def test_cancel_with_the_button(workspace: WorkspacePage, server, shot) -> None:
    page = workspace.page
    with page.expect_response(lambda answer: answer.request.method == "POST") as submitted:
        workspace.start(ENDLESS)
    statement = f"/api/2.0/sql/statements/{submitted.value.json()['statement_id']}"
    expect(page.get_by_role("status").filter(has_text="Running")).to_be_visible(timeout=60_000)
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"^[1-9][0-9.]* s$"))
    shot(page, "running")
    page.get_by_role("group", name="Run").get_by_role("button", name="Cancel").click()
    expect(workspace.result_state).to_have_text("Canceled", timeout=30_000)
    shot(page, "canceled")
    assert server.call("GET", statement)["status"]["state"] == "CANCELED"


def test_cancel_with_escape_and_run_again(workspace: WorkspacePage) -> None:
    page = workspace.page
    workspace.start(ENDLESS)
    expect(page.get_by_role("status").filter(has_text="Running")).to_be_visible(timeout=60_000)
    page.keyboard.press("Escape")
    expect(workspace.result_state).to_have_text("Canceled", timeout=30_000)
    workspace.run(COUNT_FLIGHTS)
    assert workspace.rows() == [[FLIGHT_COUNT]]


def test_syntax_error_is_shown_at_its_place(workspace: WorkspacePage, shot) -> None:
    page = workspace.page
    workspace.run("SELECT 1;\n\n" + MISSPELLED)
    expect(workspace.failure).to_contain_text("PARSE_SYNTAX_ERROR")
    expect(workspace.failure).to_contain_text("42601")
    line = page.locator(".cm-line:has(.cm-error-range)")
    expect(line).to_have_text("FORM samples.nycflights.flights")
    expect(page.locator(".cm-error-range")).to_have_text("FORM")
    expect(page.locator(".cm-statement-error-class")).to_have_text("PARSE_SYNTAX_ERROR")
    # The position is within the statement, the gutter counts lines of the editor.
    expect(page.locator(".cm-error-gutter")).to_have_text("5")
    shot(page)

    page.get_by_role("button", name="Go to line 3, column 1").click()
    expect(workspace.editor).to_be_focused()
    page.keyboard.press("Shift+End")
    page.keyboard.insert_text("FROM samples.nycflights.flights")
    expect(page.locator(".cm-statement-error")).to_have_count(0)
    page.keyboard.press("ControlOrMeta+Enter")
    workspace.wait_for_end(2)
    expect(workspace.result_state).to_have_text("16 rows")


def test_missing_table_names_its_error_class(workspace: WorkspacePage, shot) -> None:
    workspace.run("SELECT * FROM samples.nycflights.no_such_table")
    expect(workspace.failure).to_contain_text("TABLE_OR_VIEW_NOT_FOUND")
    expect(workspace.failure).to_contain_text("no_such_table")
    shot(workspace.page)


def test_row_limit_is_said(workspace: WorkspacePage) -> None:
    workspace.run("SELECT * FROM samples.nycflights.flights")
    expect(workspace.result_state).to_have_text("1,000 rows")
    expect(workspace.page.get_by_text("limited, there are more")).to_be_visible()


def test_catalog_and_schema_of_the_run_bar_are_used(workspace: WorkspacePage) -> None:
    page = workspace.page
    page.get_by_role("combobox", name="Catalog").select_option("samples")
    page.get_by_role("combobox", name="Schema").select_option("nycflights")
    workspace.run("SELECT count(*) FROM flights")
    assert workspace.rows() == [[FLIGHT_COUNT]]


def test_history_lists_and_restores(workspace: WorkspacePage, shot) -> None:
    page = workspace.page
    workspace.run(COUNT_FLIGHTS)
    workspace.run("SELECT nonsense(")
    workspace.open_history()
    entries = page.locator(".history-entry")
    expect(entries).to_have_count(2)
    expect(entries.nth(1)).to_contain_text("1 row")
    expect(entries.nth(0)).to_contain_text("PARSE_SYNTAX_ERROR")
    shot(page)
    workspace.write("")
    entries.nth(1).click()
    expect(workspace.editor).to_be_focused()
    workspace.expect_text(COUNT_FLIGHTS)
    page.reload()
    workspace.open_history()
    expect(entries).to_have_count(2)


def test_warehouses_are_listed_with_their_state(workspace: WorkspacePage, shot) -> None:
    page = workspace.page
    workspace.run(COUNT_FLIGHTS)
    page.get_by_role("button", name="SQL warehouse:").click()
    panel = page.get_by_role("dialog", name="SQL warehouses")
    expect(panel.get_by_role("radio").first).to_be_checked()
    expect(panel.get_by_role("button", name="Stop").first).to_be_visible()
    shot(page)
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()


def test_stopped_warehouse_is_started_by_the_statement(workspace: WorkspacePage, shot) -> None:
    page = workspace.page
    workspace.run("SELECT 1")
    page.get_by_role("button", name="SQL warehouse:").click()
    panel = page.get_by_role("dialog", name="SQL warehouses")
    panel.get_by_role("button", name="Stop").first.click()
    expect(panel.get_by_role("button", name="Start").first).to_be_enabled(timeout=30_000)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name=re.compile("SQL warehouse: .* stopped"))).to_be_visible()
    workspace.run(COUNT_FLIGHTS)
    assert workspace.rows() == [[FLIGHT_COUNT]]
    expect(page.get_by_role("button", name=re.compile("SQL warehouse: .* running"))).to_be_visible(
        timeout=30_000
    )
