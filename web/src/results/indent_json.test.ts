import { expect, test } from "vitest";
import { indentJson } from "./indent_json";

test("the same layout as JSON.stringify", () => {
  for (const value of [{ a: 1, b: ["x", 'y,"{}[]:\\'], c: {}, d: [], e: null }, [[1], [true]], {}]) {
    expect(indentJson(JSON.stringify(value))).toBe(JSON.stringify(value, null, 2));
  }
});

test("numbers stay as they are written", () => {
  expect(indentJson('{"n":9007199254740993,"d":1.50}')).toBe(
    '{\n  "n": 9007199254740993,\n  "d": 1.50\n}',
  );
});

test("what is not JSON is left alone", () => {
  expect(indentJson("plain")).toBeNull();
  expect(indentJson("[1, 2")).toBeNull();
  expect(indentJson("12")).toBeNull();
});
