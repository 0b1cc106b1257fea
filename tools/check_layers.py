#!/usr/bin/env python3
"""Holds the source tree to its module graph, and to the size and naming rules.

Usage: tools/check_layers.py [--root DIR]     prints path:line: finding, exit 1 when there is any
       tools/check_layers.py --write-graph    writes the module graph into ARCHITECTURE.md

Rules (the tables are in tools/layers.toml):
  graph      DEPENDS of each tarn_module() goes strictly down and stays within the module's may_use
  include    a quoted include names its module, which is the own one or a declared one; no "..";
             nothing of another module's private folders; headers do not include each other in
             a circle
  library    a third-party header is seen only where its row allows it
  code       calls that a place of the tree must not make
  reason     a reason literal in Fail("…") or Error("…") has a row in src/base/error_reasons.txt
  name, size words that say nothing, long files, crowded folders, headers with many includes
  readme     every module has a README.md of at most 40 lines
  graph text ARCHITECTURE.md shows the graph as it is
"""
import argparse
import fnmatch
import pathlib
import re
import sys
import tomllib

_SOURCE_FOLDERS = ["src", "web", "tools", "tests", "bench", "fuzz", "python", "cmake", "deploy"]
_SKIPPED_FOLDERS = {"node_modules", "dist", "__pycache__", "testdata", "data", ".pytest_cache"}
_LINE_LIMITED = {".h", ".cc", ".py", ".ts", ".tsx"}
_INCLUDE = re.compile(r'^\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')
_STANDARD = re.compile(r"^[a-z0-9_]+$")  # <vector>, <cstdint>
# Headers of libc and the kernel.
_SYSTEM = re.compile(
    r"^(sys|netinet|arpa|linux|net)/|^(cxxabi|dirent|dlfcn|endian|errno|execinfo|fcntl|fnmatch|"
    r"getopt|glob|grp|ifaddrs|langinfo|limits|locale|malloc|mntent|netdb|poll|pthread|pty|pwd|"
    r"sched|signal|spawn|stdint|stdio|stdlib|string|syslog|termios|time|unistd|wchar)\.h$")
_MODULE = re.compile(r"tarn_module\s*\(([^)]*)\)")
_REASON = re.compile(r'"([A-Z][A-Z0-9_]*(?:\.[A-Z0-9_]+)*)"')
_FAIL = re.compile(r"\b(?:Fail|Error)\(")
_GRAPH_BEGIN = "<!-- module graph: written by tools/check_layers.py --write-graph -->"
_GRAPH_END = "<!-- end of module graph -->"


class Module:
    """One tarn_module() line."""

    def __init__(self, name, depends, externals, path):
        self.name = name
        self.depends = depends
        self.externals = externals
        self.path = path


class Tree:
    """The files of a source tree, and what was found wrong with them."""

    def __init__(self, root, table):
        self.root = root
        self.table = table
        self.findings = []
        self.files = sorted(_walk(root))
        self.modules = _modules(root)
        self._texts = {}

    def text(self, path):
        if path not in self._texts:
            self._texts[path] = path.read_text(encoding="utf-8", errors="replace")
        return self._texts[path]

    def below_src(self, path):
        return path.relative_to(self.root / "src").as_posix()

    def code(self):
        """The C++ files below src/, with the module that each belongs to."""
        source = self.root / "src"
        for path in self.files:
            if path.suffix in (".h", ".cc") and source in path.parents:
                yield path, path.relative_to(source).parts[0]

    def report(self, path, line, message):
        self.findings.append(f"{path.relative_to(self.root)}:{line}: {message}")


def _walk(root):
    for name in _SOURCE_FOLDERS:
        pending = [root / name] if (root / name).is_dir() else []
        while pending:
            for entry in pending.pop().iterdir():
                if entry.is_symlink():
                    continue
                if entry.is_dir() and entry.name not in _SKIPPED_FOLDERS:
                    pending.append(entry)
                elif entry.is_file():
                    yield entry


def _modules(root):
    modules = {}
    for path in sorted((root / "src").glob("*/CMakeLists.txt")):
        text = re.sub(r"#.*", "", path.read_text(encoding="utf-8"))
        for match in _MODULE.finditer(text):
            words = match.group(1).split()
            lists = {"DEPENDS": [], "EXTERNAL": []}
            current = None
            for word in words[1:]:
                if word.isupper():
                    current = lists.get(word)
                elif current is not None:
                    current.append(word)
            modules[words[0]] = Module(words[0], lists["DEPENDS"], lists["EXTERNAL"], path)
    return modules


def _includes(text):
    """(line number, path, is quoted) of every include."""
    for number, line in enumerate(text.splitlines(), 1):
        match = _INCLUDE.match(line)
        if match:
            yield number, match.group(1) or match.group(2), match.group(1) is not None


def check_graph(tree):
    rows = tree.table["module"]
    for module in tree.modules.values():
        if module.path.parent.name != module.name:
            tree.report(module.path, 1, f"the module is called {module.name}, its folder is not")
        row = rows.get(module.name)
        if row is None:
            tree.report(module.path, 1, f"module {module.name} is not in tools/layers.toml")
            continue
        for name in module.depends:
            if name not in rows:
                tree.report(module.path, 1, f"{module.name} depends on unknown module {name}")
            elif rows[name]["level"] > row["level"]:
                tree.report(module.path, 1, f"{module.name} depends upward on {name}")
            elif rows[name]["level"] == row["level"]:
                tree.report(module.path, 1, f"{module.name} depends sideways on {name}")
            elif name not in row["may_use"]:
                tree.report(module.path, 1, f"{module.name} may not use {name}")


def check_includes(tree):
    for path, module_name in tree.code():
        module = tree.modules.get(module_name)
        if module is None:
            tree.report(path, 1, f"src/{module_name}/CMakeLists.txt declares no module")
            continue
        for number, included, quoted in _includes(tree.text(path)):
            first = included.split("/")[0]
            if ".." in included.split("/"):
                tree.report(path, number, f"{included}: write the path from src/, without ..")
            elif first in tree.table["module"] and quoted:
                if first != module.name and first not in module.depends:
                    tree.report(path, number, f"{module.name} includes {included} without "
                                f"DEPENDS {first}")
                elif first != module.name and _matches(included, tree.table["private"]["folders"]):
                    tree.report(path, number, f"{included} is private to {first}")
            else:
                _check_library(tree, path, module, number, included)


def _check_library(tree, path, module, number, included):
    if _STANDARD.match(included) or _SYSTEM.search(included):
        return
    for name, row in tree.table["library"].items():
        if any(re.fullmatch(pattern, included) for pattern in row["includes"]):
            break
    else:
        tree.report(path, number, f"{included}: write the path from src/, or give its library a "
                    "row in tools/layers.toml")
        return
    place = tree.below_src(path)
    if row.get("declared", True) and name not in module.externals:
        tree.report(path, number, f"{included} without EXTERNAL {name} in {module.name}")
    if not _matches(place, row.get("folders", ["*"])):
        tree.report(path, number, f"{name} headers are not seen here: {', '.join(row['folders'])}")
    elif path.suffix == ".h" and not _matches(place, row.get("headers", [])):
        tree.report(path, number, f"{included}: {name} does not show in a header; include it in "
                    "the .cc")


def _matches(place, patterns):
    return any(fnmatch.fnmatchcase(place, pattern) for pattern in patterns)


def check_code(tree):
    """Calls that a rule of tools/layers.toml bans from its folders."""
    for path, _ in tree.code():
        place = tree.below_src(path)
        for rule in tree.table["banned_code"].values():
            if not _matches(place, rule["folders"]) or _matches(place, rule.get("but", [])):
                continue
            for pattern in rule["patterns"]:
                for match in re.finditer(pattern, tree.text(path)):
                    line = tree.text(path).count("\n", 0, match.start()) + 1
                    tree.report(path, line, f"{match.group().strip()}: {rule['because']}")


def check_circles(tree):
    """Headers that include each other in a circle, each circle once."""
    headers = {tree.below_src(path): path for path, _ in tree.code() if path.suffix == ".h"}
    edges = {
        name: [inc for _, inc, quoted in _includes(tree.text(path)) if quoted and inc in headers]
        for name, path in headers.items()
    }
    state = {}

    def visit(name, trail):
        state[name] = "open"
        for target in edges[name]:
            if state.get(target) == "open":
                circle = trail[trail.index(target):] + [target]
                tree.report(headers[name], 1, "circle of includes: " + " -> ".join(circle))
            elif target not in state:
                visit(target, trail + [target])
        state[name] = "done"

    for name in edges:
        if name not in state:
            visit(name, [name])


def _first_argument(text, start):
    """The text of a call's first argument; `start` is behind the opening parenthesis."""
    depth, position, quoted = 0, start, False
    while position < len(text):
        char = text[position]
        if quoted:
            if char == "\\":
                position += 1
            elif char == '"':
                quoted = False
        elif char == '"':
            quoted = True
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            if depth == 0:
                break
            depth -= 1
        elif char == "," and depth == 0:
            break
        position += 1
    return text[start:position]


def check_reasons(tree):
    path = tree.root / "src/base/error_reasons.txt"
    if not path.exists():
        return
    known = {line.split()[0] for line in tree.text(path).splitlines()
             if line.split("#", 1)[0].strip()}
    for path, _ in tree.code():
        if path.name.endswith("_test.cc"):
            continue  # tests also try reasons that do not exist
        text = tree.text(path)
        for call in _FAIL.finditer(text):
            for reason in _REASON.findall(_first_argument(text, call.end())):
                if reason not in known:
                    tree.report(path, text.count("\n", 0, call.start()) + 1,
                                f"reason {reason} has no row in src/base/error_reasons.txt")


def check_names_and_sizes(tree):
    limits = tree.table["limits"]
    banned = set(limits["banned_words"])
    per_folder = {}
    for path in tree.files:
        per_folder.setdefault(path.parent, []).append(path)
        words = re.split(r"[^a-z0-9]+", re.sub(r"([a-z])([A-Z])", r"\1_\2", path.name).lower())
        for word in banned.intersection(words):
            tree.report(path, 1, f"'{word}' in a file name says nothing: name what is inside")
        if path.suffix in _LINE_LIMITED:
            lines = tree.text(path).count("\n")
            if lines > limits["lines_of_file"]:
                tree.report(path, 1, f"{lines} lines, at most {limits['lines_of_file']}")
    for folder, files in per_folder.items():
        if len(files) > limits["files_of_folder"]:
            tree.report(folder, 1, f"{len(files)} files, at most {limits['files_of_folder']}")
        for word in banned.intersection(folder.relative_to(tree.root).parts):
            tree.report(folder, 1, f"'{word}' in a folder name says nothing: name what is inside")
    for path, _ in tree.code():
        if path.suffix != ".h" or tree.below_src(path) in limits["many_includes_allowed"]:
            continue
        count = sum(1 for _, name, _ in _includes(tree.text(path)) if not _STANDARD.match(name))
        if count > limits["includes_of_header"]:
            tree.report(path, 1, f"{count} includes besides the standard library, at most "
                        f"{limits['includes_of_header']}")


def check_readmes(tree):
    limits = tree.table["limits"]
    for name, module in sorted(tree.modules.items()):
        readme = module.path.with_name("README.md")
        if not readme.exists():
            if name not in limits["readme_missing_allowed"]:
                tree.report(module.path, 1, f"module {name} has no README.md")
            continue
        lines = tree.text(readme).count("\n")
        if lines > limits["lines_of_readme"]:
            tree.report(readme, 1, f"{lines} lines, at most {limits['lines_of_readme']}")


def graph_block(tree):
    """The generated part of ARCHITECTURE.md."""
    lines = [_GRAPH_BEGIN, "", "| level | module | holds | depends on | libraries |",
             "|---|---|---|---|---|"]
    rows = tree.table["module"]
    for name in sorted(rows, key=lambda n: (rows[n]["level"], list(rows).index(n))):
        row, module = rows[name], tree.modules.get(name)
        if module is None:
            continue
        order = [dep for dep in rows if dep in module.depends]
        lines.append(f"| {row['level']} | [`{name}`](src/{name}) | {row['holds']} | "
                     f"{' '.join(order) or 'nothing'} | {' '.join(sorted(module.externals))} |")
    absent = [name for name in rows if name not in tree.modules]
    if absent:
        lines += ["", "In the design, without code so far: " + ", ".join(absent) + "."]
    return "\n".join([*lines, "", _GRAPH_END])


def _split_at_graph(text):
    before, begin, rest = text.partition(_GRAPH_BEGIN)
    _, end, after = rest.partition(_GRAPH_END)
    return (before, after) if begin and end else None


def check_graph_text(tree):
    path = tree.root / "ARCHITECTURE.md"
    advice = "run tools/check_layers.py --write-graph"
    if not path.exists():
        tree.findings.append(f"ARCHITECTURE.md is missing: {advice}")
        return
    parts = _split_at_graph(tree.text(path))
    if parts is None or parts[0] + graph_block(tree) + parts[1] != tree.text(path):
        tree.report(path, 1, f"the module graph is out of date: {advice}")


def write_graph(tree):
    path = tree.root / "ARCHITECTURE.md"
    text = path.read_text(encoding="utf-8") if path.exists() else "# Architecture\n\n## Modules\n\n"
    before, after = _split_at_graph(text) or (text, "\n")
    path.write_text(before + graph_block(tree) + after, encoding="utf-8")


_CHECKS = [check_graph, check_includes, check_code, check_circles, check_reasons, check_names_and_sizes,
           check_readmes, check_graph_text]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=pathlib.Path,
                        default=pathlib.Path(__file__).resolve().parents[1])
    parser.add_argument("--write-graph", action="store_true")
    options = parser.parse_args()
    table = tomllib.loads((options.root / "tools/layers.toml").read_text(encoding="utf-8"))
    tree = Tree(options.root.resolve(), table)
    if options.write_graph:
        write_graph(tree)
        return 0
    for check in _CHECKS:
        check(tree)
    for finding in tree.findings:
        print(finding)
    print(f"check_layers: {len(tree.modules)} modules, {len(tree.files)} files, "
          f"{len(tree.findings)} findings")
    return 1 if tree.findings else 0


if __name__ == "__main__":
    sys.exit(main())
