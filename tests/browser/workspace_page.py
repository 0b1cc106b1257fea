"""The workspace page as a person uses it: what the tests do, without how the page is built."""

from playwright.sync_api import Locator, Page, expect


class WorkspacePage:
    def __init__(self, page: Page) -> None:
        self.page = page
        self.editor = page.get_by_role("textbox", name="SQL editor")
        self.run_button = page.get_by_role("group", name="Run").get_by_role(
            "button", name="Run", exact=False
        )
        self.result_state = page.get_by_test_id("result-state")
        self.grid = page.get_by_role("grid", name="Result")
        self.tree = page.get_by_role("tree", name="Catalog")
        self.failure = page.get_by_role("alert")

    def sign_in(self, token: str) -> None:
        self.page.goto("/")
        self.page.get_by_label("Personal access token").fill(token)
        self.page.get_by_role("button", name="Sign in").click()
        expect(self.editor).to_be_visible()

    def write(self, text: str) -> None:
        """Replaces what is in the editor; the cursor is at the end afterwards."""
        self.editor.click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(text)
        # Typing may have opened the list of completions, which would take the next key.
        self.page.keyboard.press("Escape")

    def start(self, statement: str) -> None:
        self.write(statement)
        self.page.keyboard.press("ControlOrMeta+Enter")

    def run(self, statement: str) -> None:
        """Runs a statement to its end, whatever that is."""
        before = self.page.locator(".history-entry").count()
        self.start(statement)
        self.wait_for_end(before + 1)

    def wait_for_end(self, entries: int) -> None:
        """Waits until so many statements are in the history and none of them runs."""
        expect(self.page.locator(".history-entry")).to_have_count(entries)
        expect(self.page.locator(".history-entry.history-running")).to_have_count(
            0, timeout=60_000
        )

    def rows(self) -> list[list[str]]:
        """The rows that are drawn, without their numbers."""
        rows = self.grid.get_by_role("row").all()[1:]
        return [[cell.inner_text() for cell in row.get_by_role("gridcell").all()] for row in rows]

    def cell(self, row: int, column: int) -> Locator:
        return self.page.locator(f"#cell-{row}-{column}")

    def node(self, label: str) -> Locator:
        """A line of the tree by the name it shows."""
        return self.tree.get_by_role("treeitem").filter(
            has=self.page.locator(".tree-label", has_text=label).and_(
                self.page.get_by_text(label, exact=True)
            )
        )

    def open_node(self, label: str) -> None:
        self.node(label).click()
        expect(self.node(label)).to_have_attribute("aria-expanded", "true")

    def expect_text(self, text: str) -> None:
        """Waits until this is what stands in the editor."""
        expect(self.page.locator(".cm-line")).to_have_text(text.split("\n"))

    def expect_completion(self, label: str) -> None:
        """Waits until `label` is offered first and the list takes keys, which it does after 75 ms."""
        options = self.page.get_by_role("listbox").get_by_role("option")
        expect(options.first).to_contain_text(label)
        self.page.wait_for_timeout(150)

    def open_history(self) -> None:
        self.page.get_by_role("tab", name="History").click()
