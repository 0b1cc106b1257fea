import { describe, expect, test } from "vitest";
import { parseStatementError, rangeOfPosition } from "./statement_error";

const kSyntaxError =
  "[PARSE_SYNTAX_ERROR] Syntax error at or near 'FORM'. SQLSTATE: 42601 (line 2, pos 2)\n\n" +
  "== SQL ==\nSELECT *\n  FORM flights\n--^^^^\n";

describe("parseStatementError", () => {
  test("a syntax error with its caret block", () => {
    expect(parseStatementError(kSyntaxError)).toEqual({
      error_class: "PARSE_SYNTAX_ERROR",
      sql_state: "42601",
      message: "Syntax error at or near 'FORM'.",
      position: { line: 2, column: 2, length: 4 },
    });
  });

  test("an analysis error with the position after a semicolon", () => {
    const error = parseStatementError(
      "[TABLE_OR_VIEW_NOT_FOUND] The table or view `x` cannot be found. SQLSTATE: 42P01; line 1 pos 14",
    );
    expect(error.message).toBe("The table or view `x` cannot be found.");
    expect(error.position).toEqual({ line: 1, column: 14, length: 1 });
  });

  test("a run-time error with a query context counts from one", () => {
    const error = parseStatementError(
      "[DIVIDE_BY_ZERO] Division by zero. SQLSTATE: 22012\n" +
        "== SQL (line 1, position 8) ==\nSELECT 1/0\n       ^^^\n",
    );
    expect(error.error_class).toBe("DIVIDE_BY_ZERO");
    expect(error.message).toBe("Division by zero.");
    expect(error.position).toEqual({ line: 1, column: 7, length: 3 });
  });

  test("subclasses and text without any of it", () => {
    expect(parseStatementError("[CAST_INVALID_INPUT.X] no").error_class).toBe("CAST_INVALID_INPUT.X");
    expect(parseStatementError("the node went away")).toEqual({
      error_class: null,
      sql_state: null,
      message: "the node went away",
      position: null,
    });
  });

  test("a statement that quotes carets does not confuse the length", () => {
    const error = parseStatementError(
      "[PARSE_SYNTAX_ERROR] x (line 1, pos 0)\n\n== SQL ==\nSELECT '^^^^'\n^\n",
    );
    expect(error.position).toEqual({ line: 1, column: 0, length: 1 });
  });
});

describe("rangeOfPosition", () => {
  const statement = "SELECT *\n  FORM flights, 1 / 0";
  const marked = (line: number, column: number, length: number) => {
    const { from, to } = rangeOfPosition(statement, { line, column, length });
    return statement.slice(from, to);
  };

  test("the parser's three carets, or one, mean the word", () => {
    expect(marked(2, 2, 3)).toBe("FORM");
    expect(marked(2, 7, 1)).toBe("flights");
    expect(marked(2, 14, 3)).toBe(",");
    const name = "SELECT a FROM samples.`b c`.flights f";
    expect(rangeOfPosition(name, { line: 1, column: 14, length: 1 })).toEqual({ from: 14, to: 35 });
  });

  test("any other length is taken as it is", () => {
    expect(marked(2, 16, 5)).toBe("1 / 0");
  });

  test("stays inside the statement", () => {
    expect(rangeOfPosition(statement, { line: 9, column: 99, length: 1 })).toEqual({
      from: statement.length,
      to: statement.length,
    });
    expect(rangeOfPosition(statement, { line: 1, column: 99, length: 7 })).toEqual({ from: 8, to: 8 });
  });
});
