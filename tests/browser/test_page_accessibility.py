import pytest
from playwright.sync_api import expect

from page_statements import COUNT_FLIGHTS, ENDLESS, FLIGHT_COUNT, MISSPELLED
from workspace_page import WorkspacePage


@pytest.fixture(params=["light", "dark"])
def themed(request: pytest.FixtureRequest, new_context) -> WorkspacePage:
    # Motion would make contrasts a matter of the moment of the look.
    context = new_context(color_scheme=request.param, reduced_motion="reduce")
    return WorkspacePage(context.new_page())


def test_axe_sign_in(themed: WorkspacePage, serious_findings, shot) -> None:
    themed.page.goto("/")
    expect(themed.page.get_by_label("Personal access token")).to_be_visible()
    shot(themed.page)
    assert serious_findings(themed.page) == []
    themed.page.get_by_label("Personal access token").fill("wrong")
    themed.page.get_by_role("button", name="Sign in").click()
    expect(themed.page.get_by_role("alert")).to_be_visible()
    assert serious_findings(themed.page) == []


def test_axe_workspace(themed: WorkspacePage, server, serious_findings, shot) -> None:
    page = themed.page
    themed.sign_in(server.token)
    expect(themed.tree).to_be_visible()
    assert serious_findings(page) == [], "empty"

    themed.open_node("samples")
    themed.open_node("nycflights")
    themed.open_node("flights")
    themed.run("SELECT * FROM samples.nycflights.flights WHERE dep_time IS NULL")
    themed.grid.focus()
    page.keyboard.press("ArrowDown")
    shot(page, "result")
    assert serious_findings(page) == [], "result and tree"

    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert serious_findings(page) == [], "cell"
    page.keyboard.press("Escape")

    themed.run(MISSPELLED)
    shot(page, "error")
    assert serious_findings(page) == [], "error"

    themed.start(ENDLESS)
    expect(page.get_by_role("timer")).to_be_visible()
    assert serious_findings(page) == [], "running"
    page.keyboard.press("Escape")
    expect(themed.result_state).to_have_text("Canceled", timeout=30_000)

    themed.open_history()
    assert serious_findings(page) == [], "history"
    for name in ("SQL warehouse:", "Keyboard shortcuts", "Account of"):
        page.get_by_role("button", name=name).click()
        expect(page.get_by_role("dialog")).to_be_visible()
        assert serious_findings(page) == [], name
        page.keyboard.press("Escape")


def test_everything_without_a_mouse(page, server, shot) -> None:
    workspace = WorkspacePage(page)
    keyboard = page.keyboard
    page.goto("/")
    expect(page.get_by_label("Personal access token")).to_be_focused()
    keyboard.type(server.token)
    keyboard.press("Enter")
    expect(workspace.editor).to_be_focused()

    expect(workspace.tree).to_be_visible()
    # From the editor back into the tree, down to a table, and its name into the statement.
    keyboard.type("SELECT count(*) FROM ")
    keyboard.press("Escape")
    keyboard.press("Shift+F6")
    expect(workspace.tree).to_be_focused()
    keyboard.type("samples")
    keyboard.press("ArrowRight")
    expect(workspace.node("nycflights")).to_be_visible()
    keyboard.type("nycfl")
    keyboard.press("ArrowRight")
    expect(workspace.node("flights")).to_be_visible()
    keyboard.type("flights")
    expect(workspace.node("flights")).to_have_attribute("aria-selected", "true")
    shot(page, "tree")
    keyboard.press("Enter")
    expect(workspace.editor).to_be_focused()
    workspace.expect_text(COUNT_FLIGHTS)

    keyboard.press("ControlOrMeta+Enter")
    workspace.wait_for_end(1)
    assert workspace.rows() == [[FLIGHT_COUNT]]
    keyboard.press("F6")
    expect(workspace.grid).to_be_focused()
    shot(page, "grid")

    # Tab indents in the editor; after Escape it leaves.
    keyboard.press("Shift+F6")
    expect(workspace.editor).to_be_focused()
    keyboard.press("Escape")
    keyboard.press("Tab")
    expect(workspace.editor).not_to_be_focused()
