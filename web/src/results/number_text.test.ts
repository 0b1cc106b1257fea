import { expect, test } from "vitest";
import { countText, durationText, elapsedText } from "./number_text";

test("counts agree with their noun", () => {
  expect(countText(0, "row")).toBe("0 rows");
  expect(countText(1, "row")).toBe("1 row");
  expect(countText(336776, "row")).toBe("336,776 rows");
});

test("durations have the precision that can be read", () => {
  expect(durationText(0.2)).toBe("1 ms");
  expect(durationText(48.4)).toBe("48 ms");
  expect(durationText(1240)).toBe("1.24 s");
  expect(durationText(12_340)).toBe("12.3 s");
  expect(durationText(125_900)).toBe("2 min 5 s");
  expect(elapsedText(340)).toBe("0.3 s");
  expect(elapsedText(62_000)).toBe("1 min 02 s");
});
