from playwright.sync_api import Page, expect

from page_statements import ALL_FLIGHTS, COUNT_FLIGHTS, FLIGHT_COUNT
from workspace_page import WorkspacePage


def _is_dark(page: Page) -> bool:
    color = page.evaluate("getComputedStyle(document.body).backgroundColor")
    red, green, blue = (int(part) for part in color.strip("rgb()").split(",")[:3])
    return red + green + blue < 3 * 64


def test_theme_follows_the_system_and_the_button(new_context, server, shot) -> None:
    page = new_context(color_scheme="dark").new_page()
    workspace = WorkspacePage(page)
    workspace.sign_in(server.token)
    assert _is_dark(page)
    workspace.run(ALL_FLIGHTS + " LIMIT 200")
    workspace.open_node("samples")
    workspace.open_node("nycflights")
    workspace.open_node("flights")
    shot(page, "dark")

    page.get_by_role("button", name="Theme: as the system").click()
    assert not _is_dark(page)
    shot(page, "light")
    page.reload()
    expect(workspace.editor).to_be_visible()
    assert not _is_dark(page)
    page.get_by_role("button", name="Theme: light").click()
    assert _is_dark(page)


def test_panes_are_resized_by_keyboard_and_mouse(workspace: WorkspacePage) -> None:
    page = workspace.page
    divider = page.get_by_role("separator", name="Width of the side pane")
    before = int(divider.get_attribute("aria-valuenow") or 0)
    divider.focus()
    page.keyboard.press("ArrowRight")
    expect(divider).to_have_attribute("aria-valuenow", str(before + 16))
    box = divider.bounding_box()
    assert box is not None
    page.mouse.move(box["x"], 400)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, 400)
    page.mouse.up()
    expect(divider).to_have_attribute("aria-valuenow", str(before + 76))
    page.reload()
    expect(divider).to_have_attribute("aria-valuenow", str(before + 76))


def test_works_on_a_phone(new_context, server, shot) -> None:
    page = new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, device_scale_factor=2
    ).new_page()
    page.goto("/")
    expect(page.get_by_label("Personal access token")).to_be_visible()
    shot(page, "sign-in")
    workspace = WorkspacePage(page)
    workspace.sign_in(server.token)
    shot(page, "empty")
    panes = page.get_by_role("navigation", name="Panes")
    page.get_by_role("button", name=COUNT_FLIGHTS).tap()
    expect(workspace.result_state).to_have_text("1 row", timeout=60_000)
    assert workspace.rows() == [[FLIGHT_COUNT]]
    panes.get_by_role("button", name="Catalog").tap()
    workspace.node("samples").tap()
    workspace.node("nycflights").tap()
    expect(workspace.node("flights")).to_be_visible()
    shot(page, "catalog")
    workspace.node("airlines").locator(".tree-insert").tap()
    expect(workspace.editor).to_be_visible()
    expect(workspace.editor).to_contain_text("samples.nycflights.airlines")
    panes.get_by_role("button", name="History").tap()
    expect(page.get_by_role("button", name=COUNT_FLIGHTS)).to_be_visible()
    shot(page, "history")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
