import { expect, test } from "vitest";
import { relationsOf } from "./relations";

test("tables with and without alias, of one to three parts", () => {
  expect(relationsOf("SELECT * FROM samples.nycflights.flights f JOIN airlines AS a ON f.x = a.x")).toEqual([
    { parts: ["samples", "nycflights", "flights"], alias: "f" },
    { parts: ["airlines"], alias: "a" },
  ]);
});

test("a list after FROM, quoted names, words that are no alias", () => {
  expect(relationsOf("SELECT 1 FROM a, `b c`.d WHERE x IN (SELECT y FROM e LIMIT 1)")).toEqual([
    { parts: ["a"], alias: null },
    { parts: ["b c", "d"], alias: null },
    { parts: ["e"], alias: null },
  ]);
});

test("names in strings and comments do not count, half-written text does not fail", () => {
  expect(relationsOf("SELECT 'FROM x' -- FROM y\n FROM ")).toEqual([]);
  expect(relationsOf("DELETE FROM t WHERE")).toEqual([{ parts: ["t"], alias: null }]);
  expect(relationsOf("SELECT f. FROM cat.sch.")).toEqual([{ parts: ["cat", "sch"], alias: null }]);
});
