/** A lexer of Spark SQL that is just exact enough to know what is text, comment or code. */

export type TokenKind = "word" | "quoted" | "string" | "number" | "symbol" | "comment";

export interface Token {
  kind: TokenKind;
  from: number;
  to: number;
}

const kWordStart = /[\p{L}_]/u;
const kWordPart = /[\p{L}\p{N}_]/u;

/** End of the quoted run that starts at `from`; the end of the text when it is never closed. */
function endOfQuoted(text: string, from: number, quote: string, backslash_escapes: boolean): number {
  for (let i = from + 1; i < text.length; i++) {
    const c = text[i];
    if (c === "\\" && backslash_escapes) {
      i++;
    } else if (c === quote) {
      if (text[i + 1] !== quote) return i + 1;
      i++;
    }
  }
  return text.length;
}

function endOfLineComment(text: string, from: number): number {
  for (let i = from + 2; i < text.length; i++) {
    // Spark continues a line comment over a backslash at the end of the line.
    if (text[i] === "\n" && text[i - 1] !== "\\") return i;
  }
  return text.length;
}

/** Bracketed comments nest. */
function endOfBlockComment(text: string, from: number): number {
  let depth = 0;
  for (let i = from; i < text.length; i++) {
    if (text[i] === "/" && text[i + 1] === "*") {
      depth++;
      i++;
    } else if (text[i] === "*" && text[i + 1] === "/") {
      i++;
      if (--depth === 0) return i + 1;
    }
  }
  return text.length;
}

function endOfNumber(text: string, from: number): number {
  const match = /^(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?[\p{L}_]*/u.exec(text.slice(from, from + 400));
  return from + (match?.[0].length ?? 1);
}

function tokenAt(text: string, from: number): Token {
  const c = text[from] as string;
  const next = text[from + 1];
  if (c === "-" && next === "-") return { kind: "comment", from, to: endOfLineComment(text, from) };
  if (c === "/" && next === "*") return { kind: "comment", from, to: endOfBlockComment(text, from) };
  if (c === "`") return { kind: "quoted", from, to: endOfQuoted(text, from, c, false) };
  if (c === "'" || c === '"') return { kind: "string", from, to: endOfQuoted(text, from, c, true) };
  if ((c === "r" || c === "R") && (next === "'" || next === '"')) {
    return { kind: "string", from, to: endOfQuoted(text, from + 1, next, false) };
  }
  if (/\d/.test(c) || (c === "." && next !== undefined && /\d/.test(next))) {
    return { kind: "number", from, to: endOfNumber(text, from) };
  }
  if (kWordStart.test(c)) {
    let to = from + 1;
    while (to < text.length && kWordPart.test(text[to] as string)) to++;
    return { kind: "word", from, to };
  }
  return { kind: "symbol", from, to: from + 1 };
}

/** Tokens of `text` in order, without white space. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    if (/\s/.test(text[at] as string)) {
      at++;
      continue;
    }
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.to;
  }
  return tokens;
}
