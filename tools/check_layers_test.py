"""Tests of check_layers.py: each rule on a small tree that breaks it, and on one that does not.

Usage: python3 tools/check_layers_test.py
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

import check_layers

_TOOL = pathlib.Path(check_layers.__file__)
_TABLE = (_TOOL.parent / "layers.toml").read_text(encoding="utf-8")

# A tree that breaks no rule.
_GOOD = {
    "tools/layers.toml": _TABLE,
    "src/base/CMakeLists.txt": "tarn_module(base DEPENDS EXTERNAL simdjson)\n",
    "src/base/error_reasons.txt": "# a comment\nIO_ERROR INTERNAL - 500 X final\n",
    "src/base/result.h": "#pragma once\n#include <vector>\n",
    "src/base/json.cc": '#include <simdjson.h>\n#include <sys/stat.h>\n#include "base/result.h"\n',
    "src/io/CMakeLists.txt": "tarn_module(io DEPENDS base)\n",
    "src/io/store.h": '#pragma once\n#include "base/result.h"\n',
    "src/io/store.cc": '#include "io/store.h"\nauto f() { return Fail("IO_ERROR", "x"); }\n',
    "src/columnar/CMakeLists.txt": "tarn_module(columnar DEPENDS base)\n",
    "src/engine/CMakeLists.txt":
        "tarn_module(engine\n  DEPENDS base io columnar  # what it reads\n  EXTERNAL duckdb fmt)\n",
    "src/engine/duckdb/scan.h": '#pragma once\n#include "duckdb.hpp"\n#include "io/store.h"\n',
}


class CheckLayersTest(unittest.TestCase):
    def run_tool(self, changes, write_graph=True):
        """The output of the tool on the good tree with `changes`, and its exit code."""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            files = {**_GOOD, **changes}
            for name in [name for name in files if name.endswith("/CMakeLists.txt")]:
                files.setdefault(name.replace("CMakeLists.txt", "README.md"), "# a module\n")
            for name, text in files.items():
                if text is None:
                    continue
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8")
            if write_graph:
                self.call(root, "--write-graph")
            result = self.call(root)
            return result.stdout, result.returncode

    def call(self, root, *options):
        return subprocess.run([sys.executable, "-B", str(_TOOL), "--root", str(root), *options],
                              stdout=subprocess.PIPE, text=True, check=False)

    def assert_found(self, changes, *expected):
        output, code = self.run_tool(changes)
        self.assertEqual(code, 1, output)
        for part in expected:
            self.assertIn(part, output)
        self.assertEqual(len(output.splitlines()), len(expected) + 1, output)

    def test_sql_text_does_not_reach_duckdb(self):
        scan = "src/engine/duckdb/scan.cc"
        for call in ('connection->Query("SELECT 1");', "connection.Query(text);",
                     'c->Prepare(\n    "SELECT 1");', "duckdb::Parser parser;",
                     "Parser::ParseColumnList(text);", "ParseExpression(text);", "connection.ExtractStatements(text);"):
            self.assert_found({scan: f"void f() {{\n  {call}\n}}\n"},
                              "no SQL text reaches DuckDB")
        trees = "void f() {\n  connection->Query(std::move(statement));\n  emitter.Query(*plan);\n}\n"
        output, code = self.run_tool({scan: trees})
        self.assertEqual(code, 0, output)

    def test_a_readme_is_short(self):
        self.assert_found({"src/io/README.md": "line\n" * 41},
                          "src/io/README.md:1: 41 lines, at most 40")

    def test_a_module_has_a_readme(self):
        self.assert_found({"src/io/README.md": None}, "module io has no README.md")

    def test_a_good_tree_has_no_findings(self):
        output, code = self.run_tool({})
        self.assertEqual(code, 0, output)
        self.assertIn("4 modules", output)
        self.assertIn("0 findings", output)

    def test_the_repository_itself_has_a_table_without_upward_rows(self):
        table = check_layers.tomllib.loads(_TABLE)["module"]
        for name, row in table.items():
            for used in row["may_use"]:
                self.assertLess(table[used]["level"], row["level"], f"{name} may use {used}")
        self.assertNotIn("engine", table["api"]["may_use"])

    def test_upward_dependency(self):
        self.assert_found({"src/base/CMakeLists.txt": "tarn_module(base DEPENDS io EXTERNAL simdjson)"},
                          "src/base/CMakeLists.txt:1: base depends upward on io")

    def test_sideways_dependency_and_so_every_circle_of_modules(self):
        self.assert_found({"src/io/CMakeLists.txt": "tarn_module(io DEPENDS base columnar)",
                           "src/columnar/CMakeLists.txt": "tarn_module(columnar DEPENDS base io)"},
                          "io depends sideways on columnar", "columnar depends sideways on io")

    def test_dependency_outside_of_may_use(self):
        self.assert_found({"src/sql/CMakeLists.txt": "tarn_module(sql DEPENDS base io)"},
                          "sql may not use io")

    def test_unknown_module(self):
        self.assert_found({"src/engine/CMakeLists.txt":
                           "tarn_module(engine DEPENDS base io nonsense EXTERNAL duckdb)"},
                          "engine depends on unknown module nonsense")

    def test_module_that_is_not_in_the_table(self):
        self.assert_found({"src/extra/CMakeLists.txt": "tarn_module(extra DEPENDS base)"},
                          "module extra is not in tools/layers.toml")

    def test_include_that_is_not_declared(self):
        self.assert_found({"src/base/clock.cc": '#include "io/store.h"\n'},
                          "src/base/clock.cc:1: base includes io/store.h without DEPENDS io")

    def test_include_with_dots(self):
        self.assert_found({"src/io/local.cc": '\n#include "../base/result.h"\n'},
                          "src/io/local.cc:2: ../base/result.h: write the path from src/")

    def test_include_without_module(self):
        self.assert_found({"src/io/local.cc": '#include "store.h"\n'}, "store.h: write the path")

    def test_circle_of_headers(self):
        self.assert_found({"src/io/a.h": '#include "io/b.h"\n', "src/io/b.h": '#include "io/a.h"\n'},
                          "circle of includes: io/a.h -> io/b.h -> io/a.h")

    def test_library_that_is_not_declared(self):
        self.assert_found({"src/io/json.cc": "#include <simdjson.h>\n"},
                          "simdjson.h without EXTERNAL simdjson in io")

    def test_library_outside_of_its_folder(self):
        self.assert_found({"src/engine/session.cc": '#include "duckdb.hpp"\n'},
                          "duckdb headers are not seen here: engine/duckdb/*")

    def test_library_in_a_header(self):
        self.assert_found({"src/base/json.h": "#include <simdjson.h>\n"},
                          "simdjson does not show in a header")

    def test_private_folder(self):
        self.assert_found(
            {"src/node/CMakeLists.txt": "tarn_module(node DEPENDS base engine)",
             "src/node/statement.cc": '#include "engine/duckdb/scan.h"\n'},
            "engine/duckdb/scan.h is private to engine")

    def test_library_without_a_row(self):
        self.assert_found({"src/io/local.cc": "#include <glaze/glaze.hpp>\n"},
                          "glaze/glaze.hpp: write the path from src/, or give its library a row")

    def test_test_framework_only_in_tests(self):
        output, code = self.run_tool({"src/io/io_test.cc": "#include <gtest/gtest.h>\n",
                                      "src/io/testing.h": "#include <gmock/gmock.h>\n"})
        self.assertEqual(code, 0, output)
        self.assert_found({"src/io/local.cc": "#include <gtest/gtest.h>\n"},
                          "gtest headers are not seen here")

    def test_reason_without_a_row(self):
        self.assert_found(
            {"src/io/local.cc": 'auto f() {\n  return Fail(x(1) ? "IO_ERROR" : "NOT_THERE.AT_ALL",'
                                '\n   "MESSAGE");\n}\n'},
            "src/io/local.cc:2: reason NOT_THERE.AT_ALL has no row")

    def test_banned_file_name(self):
        self.assert_found({"src/io/path_util.cc": "", "web/src/dateHelper.ts": ""},
                          "'util' in a file name", "'helper' in a file name")

    def test_word_inside_another_word_is_fine(self):
        output, code = self.run_tool({"src/io/utility_bill.cc": "", "src/io/simple.cc": ""})
        self.assertEqual(code, 0, output)

    def test_long_file(self):
        self.assert_found({"web/src/page.tsx": "x\n" * 801}, "801 lines, at most 800")
        self.assertEqual(self.run_tool({"web/src/page.tsx": "x\n" * 800})[1], 0)

    def test_crowded_folder(self):
        self.assert_found({f"tests/sql/n{i}.slt": "" for i in range(41)},
                          "tests/sql:1: 41 files, at most 40")

    def test_header_with_many_includes(self):
        many = "".join(f'#include "base/part{i}.h"\n' for i in range(13))
        self.assert_found({"src/io/wide.h": "#include <vector>\n" + many}, "13 includes besides")

    def test_graph_text_that_is_out_of_date(self):
        output, code = self.run_tool({}, write_graph=False)
        self.assertEqual(code, 1)
        self.assertIn("ARCHITECTURE.md is missing", output)
        stale = f"{check_layers._GRAPH_BEGIN}\nstale row\n{check_layers._GRAPH_END}\n"
        output, code = self.run_tool({"ARCHITECTURE.md": stale}, write_graph=False)
        self.assertEqual(code, 1)
        self.assertIn("module graph is out of date", output)

    def test_write_graph_keeps_the_text_around_it(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "src").mkdir()
            page = root / "ARCHITECTURE.md"
            page.write_text(f"before\n{check_layers._GRAPH_BEGIN}\nstale row\n{check_layers._GRAPH_END}\n"
                            "after\n", encoding="utf-8")
            check_layers.write_graph(
                check_layers.Tree(root, check_layers.tomllib.loads(_TABLE)))
            text = page.read_text(encoding="utf-8")
        self.assertTrue(text.startswith("before\n") and text.endswith("\nafter\n"), text)
        self.assertNotIn("stale row", text)


if __name__ == "__main__":
    unittest.main()
