from playwright.sync_api import Page, expect

from fixtures.people import user_token
from workspace_page import WorkspacePage


def test_wrong_token_shows_the_reason_of_the_server(page: Page, shot) -> None:
    page.goto("/")
    page.get_by_label("Personal access token").fill("dapi-not-a-token")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("Invalid access token")
    shot(page)


def test_wrong_password_shows_the_reason_of_the_server(page: Page, shot) -> None:
    page.goto("/")
    page.get_by_text("Password", exact=True).click()
    page.get_by_label("User name").fill("nobody@example.com")
    page.get_by_label("Password", exact=True).last.fill("wrong")
    with page.expect_response("**/login/password") as answer:
        page.get_by_role("button", name="Sign in").click()
    assert answer.value.status in (401, 403)
    expect(page.get_by_role("alert")).to_contain_text(answer.value.json()["message"])
    shot(page)


def test_a_password_signs_in_and_signing_out_ends_the_session(page: Page, server, shot) -> None:
    user_token(server.url, server.token, "painter@example.com")
    headers = {"Authorization": f"Bearer {server.token}"}
    users = page.request.get("/api/2.0/preview/scim/v2/Users", headers=headers,
                             params={"filter": 'userName eq "painter@example.com"'})
    user = users.json()["Resources"][0]
    operation = {"op": "replace", "path": "password", "value": "brush and canvas"}
    page.request.patch(f"/api/2.0/preview/scim/v2/Users/{user['id']}", headers=headers,
                       data={"Operations": [operation]})
    page.goto("/")
    page.get_by_text("Password", exact=True).click()
    page.get_by_label("User name").fill("painter@example.com")
    page.get_by_label("Password", exact=True).last.fill("brush and canvas")
    page.get_by_role("button", name="Sign in").click()
    account = page.get_by_role("button", name="Account of")
    expect(account).to_be_visible()
    shot(page)
    token = page.evaluate("sessionStorage.getItem('tarn.token')")
    account.click()
    with page.expect_response("**/logout") as answer:
        page.get_by_role("button", name="Sign out").click()
    assert answer.value.ok
    me = page.request.get("/api/2.0/preview/scim/v2/Me", headers={"Authorization": f"Bearer {token}"})
    assert me.status == 403


def test_session_lives_in_the_tab_until_sign_out(workspace: WorkspacePage, server, shot) -> None:
    page = workspace.page
    shot(page)
    page.reload()
    expect(workspace.editor).to_be_visible()
    assert server.token not in page.content()
    assert page.evaluate("Object.values(localStorage).join()").find(server.token) == -1

    page.get_by_role("button", name="Account of").click()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_label("Personal access token")).to_be_visible()
    assert page.evaluate("sessionStorage.length") == 0
    page.reload()
    expect(page.get_by_label("Personal access token")).to_be_visible()


def test_a_token_that_stops_working_leads_back_to_sign_in(workspace: WorkspacePage) -> None:
    page = workspace.page
    workspace.write("SELECT 1 AS kept")
    page.evaluate("sessionStorage.setItem('tarn.token', 'dapi-revoked')")
    page.reload()
    expect(page.get_by_role("status")).to_contain_text("Your session has ended")


def test_page_may_load_nothing_from_elsewhere(page: Page) -> None:
    response = page.goto("/")
    assert response is not None and response.ok
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert policy is not None
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    sources = page.eval_on_selector_all("script", "all => all.map(script => script.src)")
    assert sources and all("/assets/" in source for source in sources)
