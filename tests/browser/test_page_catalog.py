from playwright.sync_api import expect

from workspace_page import WorkspacePage


def _open_flights(workspace: WorkspacePage) -> None:
    workspace.open_node("samples")
    workspace.open_node("nycflights")
    workspace.open_node("flights")


def test_tree_goes_down_to_columns_with_types(workspace: WorkspacePage, shot) -> None:
    _open_flights(workspace)
    column = workspace.node("dep_delay")
    expect(column).to_have_attribute("aria-level", "4")
    expect(column.locator(".tree-type")).not_to_be_empty()
    details = workspace.page.get_by_role("region", name="Details of the selected name")
    expect(details).to_contain_text("samples.nycflights.flights")
    shot(workspace.page)


def test_names_are_inserted_by_click_and_by_enter(workspace: WorkspacePage) -> None:
    workspace.write("SELECT FROM ")
    workspace.open_node("samples")
    workspace.open_node("nycflights")
    table = workspace.node("airlines")
    table.hover()
    table.locator(".tree-insert").click()
    workspace.expect_text("SELECT FROM samples.nycflights.airlines")
    expect(workspace.editor).to_be_focused()

    workspace.write("SELECT ")
    workspace.open_node("airlines")
    workspace.node("carrier").click()
    workspace.expect_text("SELECT carrier")
    workspace.tree.focus()
    workspace.page.keyboard.press("ArrowDown")
    workspace.page.keyboard.press("Enter")
    workspace.expect_text("SELECT carrier name")


def test_filter_finds_what_was_never_opened(workspace: WorkspacePage, shot) -> None:
    page = workspace.page
    page.get_by_role("searchbox", name="Filter the catalog").fill("airp")
    expect(workspace.node("airports")).to_be_visible()
    expect(workspace.node("weather")).to_have_count(0)
    shot(page)
    page.get_by_role("searchbox", name="Filter the catalog").fill("no such name")
    expect(page.get_by_text("Nothing has this in its name.")).to_be_visible()


def test_new_table_shows_without_asking(workspace: WorkspacePage) -> None:
    workspace.run("CREATE SCHEMA IF NOT EXISTS main.browser_suite")
    workspace.run("CREATE OR REPLACE TABLE main.browser_suite.seen (id INT COMMENT 'the key')")
    try:
        workspace.open_node("main")
        workspace.open_node("browser_suite")
        workspace.open_node("seen")
        expect(workspace.node("id")).to_contain_text("the key")
    finally:
        workspace.run("DROP TABLE main.browser_suite.seen")
    expect(workspace.node("seen")).to_have_count(0)


def test_completion_knows_catalog_and_columns(workspace: WorkspacePage, shot) -> None:
    page = workspace.page
    workspace.write("SELECT  FROM samples.nycflights.flights f")
    page.keyboard.press("Home")
    for _ in "SELECT ":
        page.keyboard.press("ArrowRight")
    page.keyboard.type("f.dep_d")
    workspace.expect_completion("dep_delay")
    shot(page)
    page.keyboard.press("Tab")
    workspace.expect_text("SELECT f.dep_delay FROM samples.nycflights.flights f")

    workspace.write("")
    page.keyboard.type("SELECT * FROM samples.nycflights.airl")
    workspace.expect_completion("airlines")
    page.keyboard.press("Enter")
    workspace.expect_text("SELECT * FROM samples.nycflights.airlines")
