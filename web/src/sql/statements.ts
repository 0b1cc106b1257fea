import { tokenize } from "./tokens";

/** One statement of an editor's text: `text` is exactly what lies between `from` and `to`. */
export interface StatementSpan {
  from: number;
  to: number;
  text: string;
  /** End of the region that counts as "in this statement": after its `;` where it has one. */
  region_end: number;
}

/** Statements of `text` separated by `;`, ignoring those in strings, names and comments. */
export function splitStatements(text: string): StatementSpan[] {
  const spans: StatementSpan[] = [];
  let from = -1;
  let to = -1;
  let has_code = false;
  const close = (region_end: number) => {
    if (has_code) spans.push({ from, to, text: text.slice(from, to), region_end });
    from = -1;
    has_code = false;
  };
  for (const token of tokenize(text)) {
    if (token.kind === "symbol" && text[token.from] === ";") {
      close(token.to);
      continue;
    }
    // A leading comment belongs to the statement after it; hints live in comments too.
    if (from < 0) from = token.from;
    if (token.kind === "comment") continue;
    has_code = true;
    to = token.to;
  }
  close(text.length);
  return spans;
}

/** The word a statement begins with, in lower case; comments before it do not count. */
export function firstWord(statement: string): string {
  const token = tokenize(statement).find(({ kind }) => kind !== "comment");
  return token?.kind === "word" ? statement.slice(token.from, token.to).toLowerCase() : "";
}

/** The statement at `position`: the one around it, else the one just before, else the next one. */
export function statementAt(text: string, position: number): StatementSpan | null {
  const spans = splitStatements(text);
  for (const [i, span] of spans.entries()) {
    if (position > span.region_end) continue;
    if (position >= span.from) return span;
    // Between two statements: on the line where the previous one ended it is still meant.
    const previous = spans[i - 1];
    if (previous && !text.slice(previous.region_end, position).includes("\n")) return previous;
    return span;
  }
  return spans.at(-1) ?? null;
}
