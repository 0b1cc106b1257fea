import type { TableInfo } from "../api/tables";
import type { VolumeInfo } from "../api/volumes";
import type { CatalogCache, Loadable } from "./catalog_cache";

export type NodeKind = "catalog" | "schema" | "table" | "view" | "volume" | "column" | "note";

/** One visible line of the tree. */
export interface TreeNode {
  id: string;
  kind: NodeKind;
  level: number;
  label: string;
  /** Names from the catalog down; what is inserted is made of them. Empty for a note. */
  path: string[];
  /** The type of a column, the kind of a volume. */
  detail: string;
  comment: string;
  /** null for lines that hold nothing. */
  expanded: boolean | null;
  loading: boolean;
  position: number;
  size: number;
  /** What a note is about: a list that is empty, or one that could not be loaded. */
  note?: "empty" | "failed";
}

/** Id of a node: its kind, because a volume may be called as a table is, and its names. */
export function nodeId(kind: NodeKind, path: readonly string[]): string {
  return [kind === "view" ? "table" : kind, ...path].join("\u0000");
}

interface Item {
  kind: NodeKind;
  label: string;
  path: string[];
  detail?: string;
  comment?: string;
}

/** Flattens what is expanded and what the filter lets through into lines. */
export class TreeModel {
  readonly nodes: TreeNode[] = [];
  readonly #filter: string;

  constructor(
    private readonly cache: CatalogCache,
    private readonly expanded: ReadonlySet<string>,
    filter: string,
  ) {
    this.#filter = filter.trim().toLowerCase();
    this.#add(this.#catalogs(), 1, "No catalogs that you may see");
  }

  #add(list: Loadable<Item[]>, level: number, empty: string, all_match = false): boolean {
    if (list.status === "failed") return this.#addNote(level, list.message, "failed");
    if (list.status !== "ready") return false;
    const kept: { item: Item; own_match: boolean }[] = [];
    for (const item of list.value) {
      const own_match = all_match || item.label.toLowerCase().includes(this.#filter);
      if (own_match || this.#holdsMatch(item)) kept.push({ item, own_match });
    }
    if (list.value.length === 0 && !this.#filter) return this.#addNote(level, empty, "empty");
    for (const [index, { item, own_match }] of kept.entries()) {
      this.#addItem(item, level, index + 1, kept.length, own_match);
    }
    return kept.length > 0;
  }

  #addNote(level: number, label: string, note: "empty" | "failed"): boolean {
    const id = `note\u0000${this.nodes.length}`;
    const node: TreeNode = {
      id, kind: "note", level, label, path: [], detail: "", comment: "", expanded: null,
      loading: false, position: 1, size: 1, note,
    };
    this.nodes.push(node);
    return true;
  }

  #addItem(item: Item, level: number, position: number, size: number, own_match: boolean): void {
    const id = nodeId(item.kind, item.path);
    const holds_others = item.kind !== "column" && item.kind !== "volume";
    const holds_match = this.#filter !== "" && this.#holdsMatch(item);
    // A table that was found by its own name stays shut; one found by a column shows it.
    const forced = holds_match && !(item.kind === "table" && own_match);
    const open = holds_others && (this.expanded.has(id) || forced);
    const children = open ? this.#children(item) : null;
    this.nodes.push({
      id,
      kind: item.kind,
      level,
      label: item.label,
      path: item.path,
      detail: item.detail ?? "",
      comment: item.comment ?? "",
      expanded: holds_others ? open : null,
      loading: children?.status === "loading",
      position,
      size,
    });
    // Where only the name above matches, all that is under it is shown.
    const all_match = own_match && !holds_match;
    if (children) this.#add(children, level + 1, emptyNoteOf(item.kind), all_match);
  }

  /** Whether something under `item`, as far as loaded, matches the filter. */
  #holdsMatch(item: Item): boolean {
    if (item.kind === "column" || item.kind === "volume") return false;
    const children = this.#children(item);
    if (children.status !== "ready") return false;
    return children.value.some(
      (child) => child.label.toLowerCase().includes(this.#filter) || this.#holdsMatch(child),
    );
  }

  #children(item: Item): Loadable<Item[]> {
    const [catalog = "", schema = "", table = ""] = item.path;
    if (item.kind === "catalog") return this.#schemas(catalog);
    if (item.kind === "schema") return this.#tablesAndVolumes(catalog, schema);
    return this.#columns(catalog, schema, table);
  }

  #catalogs(): Loadable<Item[]> {
    return mapped(this.cache.catalogs(), ({ name, comment }) => ({
      kind: "catalog", label: name, path: [name], comment,
    }));
  }

  #schemas(catalog: string): Loadable<Item[]> {
    return mapped(this.cache.schemas(catalog), ({ name, comment }) => ({
      kind: "schema", label: name, path: [catalog, name], comment,
    }));
  }

  #tablesAndVolumes(catalog: string, schema: string): Loadable<Item[]> {
    const tables = mapped(this.cache.tables(catalog, schema), (table: TableInfo) => ({
      kind: table.table_type?.includes("VIEW") ? ("view" as const) : ("table" as const),
      label: table.name,
      path: [catalog, schema, table.name],
      comment: table.comment,
    }));
    const volumes = mapped(this.cache.volumes(catalog, schema), (volume: VolumeInfo) => ({
      kind: "volume" as const,
      label: volume.name,
      path: [catalog, schema, volume.name],
      detail: "volume",
      comment: volume.comment,
    }));
    if (tables.status !== "ready") return tables;
    // Volumes add to the list; that they cannot be had must not hide the tables.
    return volumes.status === "ready"
      ? { status: "ready", value: [...tables.value, ...volumes.value] }
      : tables;
  }

  #columns(catalog: string, schema: string, table: string): Loadable<Item[]> {
    const loaded = this.cache.table(catalog, schema, table);
    if (loaded.status !== "ready") return loaded;
    const value = (loaded.value.columns ?? []).map((column) => ({
      kind: "column" as const,
      label: column.name,
      path: [catalog, schema, table, column.name],
      detail: (column.type_text ?? column.type_name ?? "").toLowerCase(),
      comment: column.comment,
    }));
    return { status: "ready", value };
  }
}

function mapped<T>(list: Loadable<T[]>, item: (value: T) => Item): Loadable<Item[]> {
  return list.status === "ready" ? { status: "ready", value: list.value.map(item) } : list;
}

function emptyNoteOf(kind: NodeKind): string {
  if (kind === "catalog") return "No schemas";
  if (kind === "schema") return "No tables or volumes";
  return "No columns";
}
