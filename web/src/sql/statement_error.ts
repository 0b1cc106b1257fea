/** What the server's error text says: its class, SQLSTATE, and where in the statement it is. */
export interface StatementError {
  /** Error class such as `PARSE_SYNTAX_ERROR` or `TABLE_OR_VIEW_NOT_FOUND`. */
  error_class: string | null;
  sql_state: string | null;
  /** The sentence for people: no class, no SQLSTATE, no position, no caret block. */
  message: string;
  position: ErrorPosition | null;
}

/** 1-based line, 0-based column, and how many characters the server underlined (at least 1). */
export interface ErrorPosition {
  line: number;
  column: number;
  length: number;
}

const kContextStart = /\n*==+ SQL\b[^\n]*==+\n/;

/** Length of the `^^^` run under the quoted statement, 1 when there is none. */
function caretLength(context: string): number {
  // The server writes "----^^^" below the line, or spaces and carets for a query context.
  const line = context.split("\n").find((text) => /^[-\s]*\^+\s*$/.test(text));
  return line ? line.replace(/[^^]/g, "").length : 1;
}

function findPosition(message: string, context: string): ErrorPosition | null {
  const length = caretLength(context);
  // Parser: "(line 1, pos 9)"; analyzer: "; line 1 pos 14". Both count columns from 0.
  const parser = /\(line (\d+), pos (\d+)\)/.exec(message) ?? /;\s*line (\d+) pos (\d+)/.exec(message);
  if (parser) return { line: Number(parser[1]), column: Number(parser[2]), length };
  // Query context: "== SQL (line 1, position 8) ==" counts from 1.
  const query = /== SQL[^\n]*\(line (\d+), position (\d+)\)/.exec(message);
  if (query) return { line: Number(query[1]), column: Math.max(0, Number(query[2]) - 1), length };
  return null;
}

/** Reads the server's message of a failed statement; never fails, at worst all of it is message. */
export function parseStatementError(text: string): StatementError {
  const context_at = text.search(kContextStart);
  const head = context_at < 0 ? text : text.slice(0, context_at);
  const context = context_at < 0 ? "" : text.slice(context_at);
  const error_class = /^\s*(?:[A-Za-z]+:\s*)?\[([A-Z][A-Z0-9_.]*)\]/.exec(head)?.[1] ?? null;
  const sql_state = /\bSQLSTATE:\s*([0-9A-Z]{5})\b/.exec(head)?.[1] ?? null;
  const message = head
    .replace(/^\s*(?:[A-Za-z]+:\s*)?\[[A-Z][A-Z0-9_.]*\]\s*/, "")
    .replace(/\s*\(line \d+, pos \d+\)/, "")
    .replace(/;?\s*line \d+ pos \d+\b/, "")
    .replace(/\s*\bSQLSTATE:\s*[0-9A-Z]{5}\b;?/, "")
    .trim();
  return { error_class, sql_state, message: message || text.trim(), position: findPosition(text, context) };
}

/** A word, or a name of several parts. */
const kNameStart = /^(?:`[^`]*`|[\p{L}\p{N}_]+)(?:\.(?:`[^`]*`|[\p{L}_][\p{L}\p{N}_]*))*/u;

/** The parser underlines three characters whatever the word: such a mark means the whole word. */
const kParserCarets = 3;

/** What a position points at in `statement`, kept inside the text whatever the server said. */
export function rangeOfPosition(
  statement: string,
  position: ErrorPosition,
): { from: number; to: number } {
  const lines = statement.split("\n");
  const line = Math.min(Math.max(position.line, 1), lines.length);
  let start = 0;
  for (let i = 0; i < line - 1; i++) start += (lines[i] as string).length + 1;
  const text = lines[line - 1] as string;
  const column = Math.min(position.column, text.length);
  const word = kNameStart.exec(text.slice(column))?.[0] ?? "";
  const fixed = position.length === kParserCarets || position.length === 1;
  const length = fixed ? Math.max(word.length, 1) : position.length;
  return { from: start + column, to: start + Math.min(column + length, text.length) };
}
