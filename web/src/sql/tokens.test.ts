import { expect, test } from "vitest";
import { tokenize } from "./tokens";

function kinds(text: string): string[] {
  return tokenize(text).map((token) => `${token.kind}:${text.slice(token.from, token.to)}`);
}

test("words, numbers and symbols", () => {
  expect(kinds("SELECT a.b1, 1.5e3, .5, 10L")).toEqual([
    "word:SELECT", "word:a", "symbol:.", "word:b1", "symbol:,", "number:1.5e3", "symbol:,",
    "number:.5", "symbol:,", "number:10L",
  ]);
});

test("quotes: escapes, doubled quotes, raw strings, backquotes", () => {
  expect(kinds(String.raw`'it\'s' "a""b" r'\' x`)).toEqual([
    String.raw`string:'it\'s'`, 'string:"a""b"', String.raw`string:r'\'`, "word:x",
  ]);
  expect(kinds("`a``;b` c")).toEqual(["quoted:`a``;b`", "word:c"]);
});

test("comments: to the end of the line, continued, nested", () => {
  expect(kinds("-- a;\nb")).toEqual(["comment:-- a;", "word:b"]);
  expect(kinds("-- a\\\nstill\nb")).toEqual(["comment:-- a\\\nstill", "word:b"]);
  expect(kinds("/* a /* b */ ; */ c")).toEqual(["comment:/* a /* b */ ; */", "word:c"]);
});

test("an open quote or comment runs to the end", () => {
  expect(kinds("'abc; d")).toEqual(["string:'abc; d"]);
  expect(kinds("/* abc; d")).toEqual(["comment:/* abc; d"]);
});
