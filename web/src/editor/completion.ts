import type { Completion, CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import type { FunctionWord } from "../../function_table";
import { kFunctions } from "virtual:function-table";
import type { CatalogCache } from "../catalog/catalog_cache";
import { quoteIdentifier, unquoteIdentifier } from "../sql/identifiers";
import { type RelationReference, relationsOf } from "../sql/relations";
import { statementAt } from "../sql/statements";
import { tokenize } from "../sql/tokens";
import { kKeywords, kTypes } from "./spark_words";

/** Where unqualified names are looked up: what the toolbar's catalog and schema say. */
export interface NameScope {
  catalog: string | null;
  schema: string | null;
}

/** The dotted name before the cursor: finished parts, and where the unfinished one starts. */
const kNameBefore = /(?:(?:`(?:[^`]|``)*`|[\p{L}_][\p{L}\p{N}_]*)\.)*(?:`[^`]*|[\p{L}_][\p{L}\p{N}_]*)?$/u;

/** A call with its brackets; the cursor goes between them where there is something to put. */
function functionOption({ name, group, description, takes_arguments }: FunctionWord): Completion {
  return {
    label: name,
    type: "function",
    detail: group,
    info: description,
    boost: -2,
    apply: (view, _option, from, to) => {
      const anchor = from + name.length + (takes_arguments ? 1 : 2);
      view.dispatch({ changes: { from, to, insert: `${name}()` }, selection: { anchor } });
    },
  };
}

const kWordOptions: Completion[] = [
  ...kKeywords.map((word) => ({ label: word.toUpperCase(), type: "keyword", boost: -1 })),
  ...kTypes.map((word) => ({ label: word.toUpperCase(), type: "type", boost: -3 })),
  ...kFunctions.map(functionOption),
];

function named(name: string, type: string, detail: string, info?: string): Completion {
  return { label: name, type, detail, apply: quoteIdentifier(name), info: info || undefined };
}

/** Offers catalogs, schemas, tables and columns, asking the server for them when first needed. */
export class NameCompletion {
  constructor(
    private readonly cache: CatalogCache,
    private readonly scope: () => NameScope,
  ) {}

  readonly source = async (context: CompletionContext): Promise<CompletionResult | null> => {
    const before = context.matchBefore(kNameBefore);
    const text = context.state.doc.toString();
    if (insideTextOrComment(text, context.pos)) return null;
    const typed = before?.text ?? "";
    const dot = typed.lastIndexOf(".");
    if (typed === "" && !context.explicit) return null;
    const path = dot < 0 ? [] : partsOf(typed.slice(0, dot));
    const from = context.pos - (typed.length - dot - 1);
    const statement = statementAt(text, context.pos)?.text ?? "";
    const relations = relationsOf(statement);
    const options = path.length
      ? await this.#members(path, relations)
      : [...(await this.#unqualified(relations)), ...kWordOptions];
    if (context.aborted || options.length === 0) return null;
    return { from, options, validFor: /^`?[\p{L}\p{N}_ ]*$/u };
  };

  /** What can follow `path.`; several readings of the path are all offered. */
  async #members(path: string[], relations: RelationReference[]): Promise<Completion[]> {
    const { catalog } = this.scope();
    const [first = "", second = "", third = ""] = path;
    const lists: Promise<Completion[]>[] = [];
    const relation = relations.find(
      ({ alias, parts }) => path.length === 1 && same(alias ?? parts.at(-1), first),
    );
    if (relation) lists.push(this.#columns(relation.parts));
    if (path.length === 1) {
      if (await this.#isCatalog(first)) lists.push(this.#schemas(first));
      if (catalog) lists.push(this.#tables(catalog, first));
    } else if (path.length === 2) {
      if (await this.#isCatalog(first)) lists.push(this.#tables(first, second));
      else if (catalog) lists.push(this.#columns([catalog, first, second]));
    } else if (path.length === 3) {
      lists.push(this.#columns([first, second, third]));
    }
    return settle(lists);
  }

  async #unqualified(relations: RelationReference[]): Promise<Completion[]> {
    const { catalog, schema } = this.scope();
    const lists = relations.map(({ parts }) => this.#columns(parts));
    lists.push(this.#catalogs());
    if (catalog) lists.push(this.#schemas(catalog));
    if (catalog && schema) lists.push(this.#tables(catalog, schema));
    const aliases = relations.flatMap(({ alias, parts }) =>
      alias ? [{ ...named(alias, "variable", parts.join(".")), boost: 2 }] : [],
    );
    return [...aliases, ...(await settle(lists))];
  }

  async #isCatalog(name: string): Promise<boolean> {
    return (await this.cache.loadCatalogs()).some((catalog) => same(catalog.name, name));
  }

  async #catalogs(): Promise<Completion[]> {
    const catalogs = await this.cache.loadCatalogs();
    return catalogs.map(({ name, comment }) => named(name, "namespace", "catalog", comment));
  }

  async #schemas(catalog: string): Promise<Completion[]> {
    const schemas = await this.cache.loadSchemas(catalog);
    return schemas.map(({ name, comment }) => named(name, "namespace", "schema", comment));
  }

  async #tables(catalog: string, schema: string): Promise<Completion[]> {
    const tables = await this.cache.loadTables(catalog, schema);
    return tables.map(({ name, comment }) => ({
      ...named(name, "class", "table", comment),
      boost: 1,
    }));
  }

  async #columns(parts: string[]): Promise<Completion[]> {
    const scope = this.scope();
    const full = [scope.catalog, scope.schema, ...parts].slice(-3);
    const [catalog, schema, table] = full;
    if (full.length < 3 || !catalog || !schema || !table) return [];
    const columns = (await this.cache.loadTable(catalog, schema, table)).columns ?? [];
    return columns.map(({ name, type_text, comment }) => ({
      ...named(name, "property", (type_text ?? "").toLowerCase(), comment),
      boost: 3,
    }));
  }
}

function same(a: string | undefined, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}

function partsOf(path: string): string[] {
  return (path.match(/`(?:[^`]|``)*`|[^.`]+/g) ?? []).map(unquoteIdentifier);
}

function insideTextOrComment(text: string, position: number): boolean {
  return tokenize(text).some(
    ({ kind, from, to }) =>
      (kind === "string" || kind === "comment" || kind === "number") &&
      from < position &&
      (position < to || (position === to && kind !== "string")),
  );
}

/** All that could be had; a list that is refused or missing simply adds nothing. */
async function settle(lists: Promise<Completion[]>[]): Promise<Completion[]> {
  const settled = await Promise.allSettled(lists);
  return settled.flatMap((list) => (list.status === "fulfilled" ? list.value : []));
}
