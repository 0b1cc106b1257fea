"""Every relative link of the Markdown pages leads to a file, and every anchor to a heading.

Usage: python3 tools/markdown_links_test.py
"""
import pathlib
import re
import subprocess
import unittest

_ROOT = pathlib.Path(__file__).resolve().parents[1]
_FENCE = re.compile(r"^```.*?^```", re.M | re.S)
_CODE = re.compile(r"`[^`\n]*`")
_LINK = re.compile(r"\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.*)$", re.M)


def links(text):
    """The targets of the links outside of code."""
    return _LINK.findall(_CODE.sub("x", _FENCE.sub("", text)))


def anchors(text):
    """The headings as the anchors that GitHub makes of them."""
    return {re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")
            for title in _HEADING.findall(_FENCE.sub("", text))}


def broken(page):
    """The links of one page that lead nowhere."""
    for target in links(page.read_text(encoding="utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        path = (page.parent / name).resolve() if name else page
        if not path.exists():
            yield f"{page.relative_to(_ROOT)}: {target}: no such file"
        elif anchor and anchor not in anchors(path.read_text(encoding="utf-8")):
            yield f"{page.relative_to(_ROOT)}: {target}: no such heading"


class MarkdownLinksTest(unittest.TestCase):
    def test_every_relative_link_leads_somewhere(self):
        listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
                                cwd=_ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.split()
        pages = [_ROOT / name for name in listed if (_ROOT / name).exists()]
        self.assertGreater(len(pages), 15)
        self.assertGreater(sum(len(links(page.read_text(encoding="utf-8"))) for page in pages), 50)
        self.assertEqual([problem for page in pages for problem in broken(page)], [])

    def test_code_holds_no_links(self):
        self.assertEqual(links("[a](b) `[c](d)`\n```\n[e](f)\n```\n[`g`](h#i)"), ["b", "h#i"])

    def test_headings_become_anchors(self):
        self.assertEqual(anchors("# Two commands\n## SQL, `x`\n"), {"two-commands", "sql-x"})


if __name__ == "__main__":
    unittest.main()
