import { kFunctions } from "virtual:function-table";
import { expect, test } from "vitest";

test("the engine's functions are read with what is said of them", () => {
  const names = kFunctions.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual([...names].sort());
  const abs = kFunctions.find(({ name }) => name === "abs");
  expect(abs).toMatchObject({ group: "math", takes_arguments: true });
  expect(abs?.description).toMatch(/value/);
  expect(kFunctions.find(({ name }) => name === "pi")?.takes_arguments).toBe(false);
  // Its description is written as two literals in the table.
  expect(kFunctions.find(({ name }) => name === "btrim")?.description).toMatch(/\w \w/);
});
