import { csvLine } from "./csv";
import type { ResultRows } from "./result_rows";

/** All rows as CSV text in pieces; `on_progress` gets the number of rows so far. */
export async function csvParts(
  rows: ResultRows,
  on_progress: (done: number) => void,
): Promise<string[]> {
  const parts = [csvLine(rows.columns.map((column) => column.name))];
  let done = 0;
  for await (const chunk of rows.all()) {
    parts.push(chunk.map(csvLine).join(""));
    done += chunk.length;
    on_progress(done);
  }
  return parts;
}

/** Hands a file to the browser's downloads. */
export function saveFile(name: string, type: string, parts: string[]): void {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The download has its own hold on the data once it has begun.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
