import { expect, test } from "vitest";
import { quoteIdentifier, quoteName, unquoteIdentifier } from "./identifiers";

test("only names that need it are quoted", () => {
  expect(quoteName(["samples", "nycflights", "flights"])).toBe("samples.nycflights.flights");
  expect(quoteIdentifier("dep delay")).toBe("`dep delay`");
  expect(quoteIdentifier("order")).toBe("`order`");
  expect(quoteIdentifier("1st")).toBe("`1st`");
  expect(quoteIdentifier("a`b")).toBe("`a``b`");
});

test("unquoting undoes quoting", () => {
  for (const name of ["a", "a b", "a`b", "select"]) {
    expect(unquoteIdentifier(quoteIdentifier(name))).toBe(name);
  }
  expect(unquoteIdentifier("`open")).toBe("open");
});
