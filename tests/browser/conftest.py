"""A started Tarn, Debian's Chromium, and a page signed in to it.

TARN_TEST_URL and TARN_TEST_TOKEN run the suite against a server that is already up, for work on the
page; without them the suite starts its own.
"""

import os
import pathlib
import re
import shutil
import sys
from dataclasses import dataclass

import pytest
import requests
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from workspace_page import WorkspacePage

_ROOT = pathlib.Path(__file__).resolve().parents[2]
_SCREENSHOTS = _ROOT / "build" / "browser-screenshots"
_AXE = _ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"

sys.path.insert(0, str(_ROOT / "tests"))
sys.path.insert(0, str(_ROOT / "tests/conformance/readme"))  # the queries of the tour

# Without the networking flags Chromium keeps trying to reach hosts that this machine may not have.
_CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


_FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo):
    """Lets the fixtures of a test know how it went."""
    report = yield
    if report.failed:
        item.stash[_FAILED] = True
    return report


@dataclass(frozen=True)
class Server:
    url: str
    token: str

    def call(self, method: str, path: str, **keywords) -> dict:
        """A call of the API as the administrator, beside the page."""
        headers = {"Authorization": f"Bearer {self.token}"}
        answer = requests.request(method, self.url + path, headers=headers, timeout=60, **keywords)
        answer.raise_for_status()
        return answer.json()


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Server:
    url = os.environ.get("TARN_TEST_URL")
    if url:
        return Server(url.rstrip("/"), os.environ["TARN_TEST_TOKEN"])
    status = request.getfixturevalue("tarn_server")
    token = pathlib.Path(status["token_file"]).read_text().strip()
    return Server(status["http_url"].rstrip("/"), token)


@pytest.fixture(scope="session")
def browser():
    executable = os.environ.get("TARN_TEST_CHROMIUM") or shutil.which("chromium")
    assert executable, "no Chromium: install Debian's package chromium (tools/setup does)"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=_CHROMIUM_ARGS)
        yield browser
        browser.close()


@pytest.fixture
def new_context(browser: Browser, server: Server, request: pytest.FixtureRequest, shot):
    """Opens browser contexts that record what must never happen: errors and foreign requests."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def note_request(origin: str, url: str) -> None:
        if not url.startswith((origin, "data:", "blob:")):
            complaints.append(f"request outside of the origin: {url}")

    def note_console(message) -> None:
        # A refused call is also written to the console; the tests look at such answers themselves.
        if message.type == "error" and "Failed to load resource" not in message.text:
            complaints.append(f"console: {message.text}")

    def open_context(**options) -> BrowserContext:
        settings = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"}
        settings = {**settings, "base_url": server.url, **options}
        context = browser.new_context(**settings)
        context.set_default_timeout(20_000)
        context.on("request", lambda asked: note_request(settings["base_url"], asked.url))
        context.on("console", note_console)
        context.on("weberror", lambda error: complaints.append(f"exception: {error.error}"))
        contexts.append(context)
        return context

    yield open_context
    if request.node.stash.get(_FAILED, False):
        for number, page in enumerate(page for context in contexts for page in context.pages):
            shot(page, f"failed-{number}")
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def page(new_context) -> Page:
    return new_context().new_page()


@pytest.fixture
def workspace(page: Page, server: Server) -> WorkspacePage:
    """The page of somebody who has just signed in, with an empty editor."""
    workspace = WorkspacePage(page)
    workspace.sign_in(server.token)
    return workspace


@pytest.fixture
def shot(request: pytest.FixtureRequest):
    """Keeps a screenshot under build/browser-screenshots, named after the test."""

    def take(page: Page, name: str = "") -> None:
        _SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        stem = re.sub(r"\W+", "-", request.node.name.removeprefix("test_")).strip("-")
        page.screenshot(path=_SCREENSHOTS / f"{stem}{'-' + name if name else ''}.png")

    return take


@pytest.fixture(scope="session")
def axe_source() -> str:
    assert _AXE.exists(), "axe-core is not installed: run `npm ci` in web/"
    return _AXE.read_text()


@pytest.fixture
def serious_findings(axe_source: str):
    """Runs axe-core over the page as it stands and returns its serious and critical findings."""

    def run(page: Page) -> list[str]:
        page.evaluate(axe_source)
        result = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
        return [
            f"{violation['id']}: {node['target']} {node['failureSummary']}"
            for violation in result["violations"]
            if violation["impact"] in ("serious", "critical")
            for node in violation["nodes"]
        ]

    return run


def pytest_configure(config: pytest.Config) -> None:
    """The shared server fixture is only needed when no server was named."""
    if "TARN_TEST_URL" not in os.environ:
        from fixtures import tarn_server

        config.pluginmanager.register(tarn_server, "tarn_server_fixture")
