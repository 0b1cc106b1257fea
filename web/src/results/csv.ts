import type { ResultRow } from "../api/statements";

/**
 * One field by RFC 4180. NULL is an empty field and the empty string is `""`, so that a reader
 * that cares can tell them apart.
 */
export function csvField(value: string | null): string {
  if (value === null) return "";
  if (value === "" || /[",\r\n]|^\s|\s$/.test(value)) return `"${value.replaceAll('"', '""')}"`;
  return value;
}

export function csvLine(row: ResultRow): string {
  return `${row.map(csvField).join(",")}\r\n`;
}

/** A field of tab-separated text as spreadsheets paste it. */
function tsvField(value: string | null): string {
  if (value === null) return "";
  return /["\t\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

/** Rows for the clipboard; a single cell is copied as it is. */
export function tsvText(rows: readonly ResultRow[]): string {
  const first = rows[0];
  if (rows.length === 1 && first?.length === 1) return first[0] ?? "";
  return rows.map((row) => row.map(tsvField).join("\t")).join("\n");
}
