import { expect, test } from "vitest";
import { csvField, csvLine, tsvText } from "./csv";

test("fields are quoted only where RFC 4180 needs it", () => {
  expect(csvLine(["a", "1.5", "x y"])).toBe("a,1.5,x y\r\n");
  expect(csvField('say "hi"')).toBe('"say ""hi"""');
  expect(csvField("a,b")).toBe('"a,b"');
  expect(csvField("a\nb")).toBe('"a\nb"');
  expect(csvField(" a")).toBe('" a"');
});

test("NULL and the empty string stay distinct", () => {
  expect(csvLine([null, "", "NULL"])).toBe(',"",NULL\r\n');
});

test("the clipboard takes one cell raw and several as tab-separated text", () => {
  expect(tsvText([['a "b"']])).toBe('a "b"');
  expect(tsvText([["a", null], ["b\tc", "d"]])).toBe('a\t\n"b\tc"\td');
});
