import { unquoteIdentifier } from "./identifiers";
import { type Token, tokenize } from "./tokens";

/** A table a statement names, and what it calls it. */
export interface RelationReference {
  parts: string[];
  alias: string | null;
}

const kBeforeRelation = new Set(["from", "join", "into", "update", "table", "overwrite", "using"]);

/** Words that end a table reference, so that they are not taken for an alias. */
const kNotAlias = new Set(
  (
    "on using where group order having limit union except intersect minus join inner left right " +
    "full cross natural lateral semi anti set values select window qualify version timestamp for " +
    "tablesample pivot unpivot when cluster distribute sort partition by with as then from"
  ).split(" "),
);

class Reader {
  at = 0;
  constructor(
    private readonly text: string,
    private readonly tokens: readonly Token[],
  ) {}

  get done(): boolean {
    return this.at >= this.tokens.length;
  }

  text_of(token: Token | undefined): string {
    return token ? this.text.slice(token.from, token.to) : "";
  }

  peek(): Token | undefined {
    return this.tokens[this.at];
  }

  word(): string {
    const token = this.peek();
    return token?.kind === "word" ? this.text_of(token).toLowerCase() : "";
  }

  isSymbol(symbol: string): boolean {
    return this.text_of(this.peek()) === symbol;
  }

  /** `a.b.c` at the current token, empty when there is no name. */
  name(): string[] {
    const parts: string[] = [];
    for (;;) {
      const token = this.peek();
      if (token?.kind !== "word" && token?.kind !== "quoted") return parts;
      if (parts.length === 0 && token.kind === "word" && kNotAlias.has(this.word())) return parts;
      parts.push(unquoteIdentifier(this.text_of(token)));
      this.at++;
      if (!this.isSymbol(".")) return parts;
      this.at++;
    }
  }

  alias(): string | null {
    if (this.word() === "as") this.at++;
    const token = this.peek();
    if (token?.kind !== "word" && token?.kind !== "quoted") return null;
    if (token.kind === "word" && kNotAlias.has(this.word())) return null;
    this.at++;
    return unquoteIdentifier(this.text_of(token));
  }
}

/** Tables that `statement` names after FROM, JOIN, INTO and the like, in the order of the text. */
export function relationsOf(statement: string): RelationReference[] {
  const tokens = tokenize(statement).filter((token) => token.kind !== "comment");
  const reader = new Reader(statement, tokens);
  const relations: RelationReference[] = [];
  while (!reader.done) {
    const opens = kBeforeRelation.has(reader.word());
    reader.at++;
    if (!opens) continue;
    for (;;) {
      const parts = reader.name();
      if (parts.length === 0) break;
      relations.push({ parts, alias: reader.alias() });
      if (!reader.isSymbol(",")) break;
      reader.at++;
    }
  }
  return relations;
}
