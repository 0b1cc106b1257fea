import type { ColumnInfo, ResultRow } from "../api/statements";
import { cellText } from "./cell_text";

const kPadding = 27;
const kMinWidth = 64;
const kMaxWidth = 380;

/** Types whose values are compared digit by digit, and therefore stand at the right. */
const kNumeric = /^(TINYINT|BYTE|SMALLINT|SHORT|INT|INTEGER|BIGINT|LONG|FLOAT|REAL|DOUBLE|DECIMAL)\b/i;

export function isNumeric(column: ColumnInfo): boolean {
  return kNumeric.test(column.type_text || column.type_name);
}

/** The type as it is shown under the name. */
export function typeLabel(column: ColumnInfo): string {
  return (column.type_text || column.type_name).toLowerCase();
}

/** Width of `text` in pixels, as the grid writes a value or, bold, a name. */
export type MeasureText = (text: string, bold: boolean) => number;

/** Measures with the page's own fonts. */
export function canvasMeasure(family: string): MeasureText {
  const context = document.createElement("canvas").getContext("2d");
  return (text, bold) => {
    if (!context) return text.length * 7.5;
    context.font = `${bold ? 600 : 400} 13px ${family}`;
    return context.measureText(text).width;
  };
}

/** First widths of the columns: what the header and the first rows need, within reason. */
export function firstWidths(
  columns: readonly ColumnInfo[],
  sample: readonly (ResultRow | undefined)[],
  measure: MeasureText,
): number[] {
  return columns.map((column, index) => {
    let width = Math.max(measure(column.name, true), measure(typeLabel(column), false));
    for (const row of sample) {
      // No value needs measuring beyond what the widest column could show.
      const value = row?.[index]?.slice(0, kMaxWidth / 4);
      if (value) width = Math.max(width, measure(cellText(value), false));
    }
    return Math.ceil(Math.min(Math.max(width + kPadding, kMinWidth), kMaxWidth));
  });
}
