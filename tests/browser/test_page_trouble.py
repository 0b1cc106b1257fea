"""What the page says when something is missing: rights, the server, an answer; and that it works over TLS."""

import pathlib
import re

import pytest
from playwright.sync_api import Page, expect

from fixtures.people import user_token
from page_statements import COUNT_FLIGHTS, FLIGHT_COUNT
from workspace_page import WorkspacePage

_READER = "page.reader@example.com"


@pytest.fixture(scope="module")
def reader_token(server) -> str:
    """Of a user to whom nothing has been granted."""
    return user_token(server.url, server.token, _READER)


def test_a_user_without_rights_sees_no_samples(page: Page, reader_token: str, shot) -> None:
    workspace = WorkspacePage(page)
    workspace.sign_in(reader_token)
    expect(page.get_by_role("button", name=f"Account of {_READER}")).to_be_visible()
    workspace.run(COUNT_FLIGHTS)
    expect(workspace.failure).to_contain_text("TABLE_OR_VIEW_NOT_FOUND")
    expect(workspace.node("samples")).to_have_count(0)
    shot(page)


def test_a_list_that_fails_says_why_and_is_asked_for_again(workspace: WorkspacePage, shot) -> None:
    page = workspace.page
    said = {"error_code": "INTERNAL_ERROR", "message": "The list is not there today."}
    page.route("**/unity-catalog/schemas?*", lambda route: route.fulfill(status=500, json=said))
    workspace.open_node("samples")
    note = workspace.tree.get_by_role("treeitem").filter(has_text="The list is not there today.")
    expect(note).to_be_visible()
    shot(page)
    page.unroute("**/unity-catalog/schemas?*")
    note.click()
    expect(workspace.node("nycflights")).to_be_visible()
    expect(note).to_have_count(0)


def test_a_catalog_that_cannot_be_listed_at_all(page: Page, server) -> None:
    said = {"error_code": "INTERNAL_ERROR", "message": "The catalogs are not there today."}
    pattern = re.compile(r"/unity-catalog/catalogs(\?|$)")
    page.route(pattern, lambda route: route.fulfill(status=500, json=said))
    workspace = WorkspacePage(page)
    workspace.sign_in(server.token)
    note = workspace.tree.get_by_role("treeitem").filter(has_text="The catalogs are not there today.")
    expect(note).to_be_visible()
    page.unroute(pattern)
    note.click()
    expect(workspace.node("samples")).to_be_visible()


def test_over_tls(new_context, server, tarn_server, shot) -> None:
    # Chromium takes authorities from the user's store only; which one signed is looked at instead.
    page = new_context(base_url=tarn_server["https_url"], ignore_https_errors=True).new_page()
    answer = page.goto("/")
    assert answer is not None and answer.ok
    security = answer.security_details()
    assert security is not None and security["protocol"].startswith("TLS 1.")
    assert "Tarn" in security["issuer"]
    workspace = WorkspacePage(page)
    workspace.sign_in(server.token)
    workspace.run(COUNT_FLIGHTS)
    assert workspace.rows() == [[FLIGHT_COUNT]]
    shot(page)


def test_a_server_that_stopped_is_said_and_nothing_is_lost(new_context, tmp_path: pathlib.Path, shot) -> None:
    from fixtures.tarn_server import TarnProcess

    stopping = TarnProcess(tmp_path / "data", "--sample-data", "")
    try:
        status = stopping.start()
        workspace = WorkspacePage(new_context(base_url=status["http_url"]).new_page())
        workspace.sign_in(stopping.token)
        workspace.run("SELECT 1 AS before")
        assert workspace.rows() == [["1"]]
    finally:
        stopping.stop()
    workspace.run("SELECT 2 AS after")
    expect(workspace.failure).to_contain_text("The Tarn server cannot be reached. Is it running?")
    workspace.expect_text("SELECT 2 AS after")
    workspace.open_history()
    expect(workspace.page.locator(".history-entry").first).to_contain_text("UNREACHABLE")
    shot(workspace.page)
