import { expect, test } from "vitest";
import { rectangleOf, selectionAfterKey, singleCell } from "./grid_selection";

const bounds = { rows: 100, columns: 5, page: 10 };
const press = (key: string, shiftKey = false, ctrlKey = false) => ({
  key, shiftKey, ctrlKey, metaKey: false,
});
const at = (row: number, column: number) => singleCell({ row, column });

test("arrows move and stop at the edges", () => {
  expect(selectionAfterKey(at(0, 0), press("ArrowDown"), bounds)).toEqual(at(1, 0));
  expect(selectionAfterKey(at(0, 0), press("ArrowUp"), bounds)).toEqual(at(0, 0));
  expect(selectionAfterKey(at(99, 4), press("ArrowRight"), bounds)).toEqual(at(99, 4));
  expect(selectionAfterKey(at(5, 2), press("PageDown"), bounds)).toEqual(at(15, 2));
});

test("with Ctrl to the ends", () => {
  expect(selectionAfterKey(at(5, 2), press("End", false, true), bounds)).toEqual(at(99, 4));
  expect(selectionAfterKey(at(5, 2), press("ArrowUp", false, true), bounds)).toEqual(at(0, 2));
});

test("with Shift the anchor stays", () => {
  const selection = selectionAfterKey(at(5, 2), press("ArrowUp", true), bounds);
  expect(selection && rectangleOf(selection)).toEqual({ top: 4, bottom: 5, left: 2, right: 2 });
});

test("Ctrl+A takes everything; other keys nothing; an empty grid nothing", () => {
  const all = selectionAfterKey(at(5, 2), press("a", false, true), bounds);
  expect(all && rectangleOf(all)).toEqual({ top: 0, bottom: 99, left: 0, right: 4 });
  expect(selectionAfterKey(at(5, 2), press("x"), bounds)).toBeNull();
  expect(selectionAfterKey(at(0, 0), press("ArrowDown"), { ...bounds, rows: 0 })).toBeNull();
});
