import { describe, expect, test } from "vitest";
import { firstWord, splitStatements, statementAt } from "./statements";

const texts = (text: string) => splitStatements(text).map((span) => span.text);

describe("splitStatements", () => {
  test("separates at semicolons and drops empty statements", () => {
    expect(texts("SELECT 1; ;\n SELECT 2 ;")).toEqual(["SELECT 1", "SELECT 2"]);
    expect(texts("")).toEqual([]);
    expect(texts(" ; -- only a comment")).toEqual([]);
  });

  test("keeps semicolons in strings, quoted names and comments", () => {
    expect(texts("SELECT ';', \"a;b\", `c;d` -- e;f\n FROM t /* g;h */; SELECT 2")).toEqual([
      "SELECT ';', \"a;b\", `c;d` -- e;f\n FROM t",
      "SELECT 2",
    ]);
    expect(texts(String.raw`SELECT 'a\';b'; SELECT 3`)).toEqual([
      String.raw`SELECT 'a\';b'`,
      "SELECT 3",
    ]);
  });

  test("a leading comment belongs to its statement, a trailing one does not", () => {
    expect(texts("-- first\nSELECT 1 -- one\n;")).toEqual(["-- first\nSELECT 1"]);
  });

  test("spans are the offsets of the text", () => {
    const text = "  SELECT 1 ;\n  SELECT 22";
    for (const span of splitStatements(text)) expect(text.slice(span.from, span.to)).toBe(span.text);
  });
});

test("firstWord looks behind comments", () => {
  expect(firstWord("-- drop\n/* x */ Create TABLE t (a INT)")).toBe("create");
  expect(firstWord("(SELECT 1)")).toBe("");
});

describe("statementAt", () => {
  const text = "SELECT 1;\n\nSELECT 2;  \n-- note\nSELECT 3";
  const at = (needle: string, delta = 0) =>
    statementAt(text, text.indexOf(needle) + delta)?.text ?? null;

  test("inside, at the start, at the end and right after the semicolon", () => {
    expect(at("SELECT 1")).toBe("SELECT 1");
    expect(at("1;", 1)).toBe("SELECT 1");
    expect(at("1;", 2)).toBe("SELECT 1");
    expect(at("SELECT 2", 4)).toBe("SELECT 2");
  });

  test("blank space on the same line belongs to the statement before it", () => {
    expect(at("SELECT 2;", 10)).toBe("SELECT 2");
  });

  test("an empty line belongs to the statement after it", () => {
    expect(at("\n\nSELECT 2", 1)).toBe("SELECT 2");
  });

  test("after the last statement and in nothing", () => {
    expect(statementAt(text, text.length)?.text).toBe("-- note\nSELECT 3");
    expect(statementAt("SELECT 1;\n\n", 11)?.text).toBe("SELECT 1");
    expect(statementAt("  -- nothing", 3)).toBeNull();
  });
});
