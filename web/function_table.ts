import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/** What the module `virtual:function-table` gives: the functions that this Tarn has. */
export interface FunctionWord {
  name: string;
  /** Group in the documentation: "math", "string", ... */
  group: string;
  description: string;
  takes_arguments: boolean;
}

const kFolder = "../src/plan/functions";

// One row of the table: {.name = "abs", .signature = "n:1", …}; no value holds a brace.
const kEntry = /\{\s*\.name = [^{}]*\}/g;

/** The text of a field, which may span several literals; empty when the row does not have it. */
function field(row: string, name: string): string {
  const match = row.match(new RegExp(`\\.${name} =((?:\\s*"(?:[^"\\\\]|\\\\.)*")+)`));
  const parts = match?.[1]?.match(/"(?:[^"\\]|\\.)*"/g) ?? [];
  return parts.map((part) => JSON.parse(part) as string).join("");
}

export function readFunctionTable(root: string): FunctionWord[] {
  const folder = join(root, kFolder);
  const words: FunctionWord[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".cc")).sort()) {
    for (const [row] of readFileSync(join(folder, file), "utf8").matchAll(kEntry)) {
      words.push({
        name: field(row, "name"),
        group: field(row, "group"),
        description: field(row, "description"),
        takes_arguments: !field(row, "signature").startsWith(":"),
      });
    }
  }
  return words.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Offers the engine's function table to the page, so that no second list can go stale. */
export function functionTable(): Plugin {
  const kId = "virtual:function-table";
  return {
    name: "tarn-function-table",
    resolveId: (id) => (id === kId ? `\0${kId}` : null),
    load(id) {
      if (id !== `\0${kId}`) return null;
      const words = readFunctionTable(import.meta.dirname);
      // The engine promises at least 80; fewer means that the table is written in a new way.
      if (words.length < 80) this.error(`only ${words.length} functions found in ${kFolder}`);
      return `export const kFunctions = ${JSON.stringify(words)};`;
    },
  };
}
