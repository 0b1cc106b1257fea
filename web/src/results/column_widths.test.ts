import { expect, test } from "vitest";
import { firstWidths, isNumeric } from "./column_widths";

const column = (name: string, type_text: string) => ({ name, type_text, type_name: type_text });

test("numbers are known by their type, intervals and integers in structs are not", () => {
  expect(["INT", "BIGINT", "DECIMAL(10,2)", "double"].map((type) => isNumeric(column("a", type)))).toEqual(
    [true, true, true, true],
  );
  expect(["INTERVAL DAY", "STRING", "STRUCT<a: INT>", "ARRAY<INT>"].map((type) => isNumeric(column("a", type)))).toEqual(
    [false, false, false, false],
  );
});

test("widths follow the longest of name, type and values, within bounds", () => {
  const columns = [column("a", "INT"), column("name", "STRING"), column("text", "STRING")];
  const rows = [
    ["1", "x".repeat(20), "y".repeat(500)],
    [null, null, null],
  ];
  const measure = (text: string, bold: boolean) => text.length * (bold ? 8 : 7);
  expect(firstWidths(columns, rows, measure)).toEqual([64, 20 * 7 + 27, 380]);
});
