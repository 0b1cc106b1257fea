import { type CatalogInfo, listCatalogs } from "../api/catalogs";
import { ApiError } from "../api/http";
import { listSchemas, type SchemaInfo } from "../api/schemas";
import { getTable, listTables, type TableInfo } from "../api/tables";
import { listVolumes, type VolumeInfo } from "../api/volumes";
import { Observable } from "../layout/observable";

/** What is known of one list: nothing asked yet, on its way, here, or refused. */
export type Loadable<T> =
  | { status: "absent" }
  | { status: "loading" }
  | { status: "ready"; value: T }
  | { status: "failed"; message: string };

const kAbsent = { status: "absent" } as const;

/** Names that cannot hold the separator of a name make safe keys. */
function keyOf(...parts: string[]): string {
  return parts.join("\u0000");
}

/** Catalog metadata, asked for once and shared by the tree and by completion. */
export class CatalogCache extends Observable {
  readonly #entries = new Map<string, Loadable<unknown>>();
  readonly #loads = new Map<string, Promise<unknown>>();
  readonly #fetches = new Map<string, () => Promise<unknown>>();

  constructor(
    private readonly token: string,
    private readonly on_sign_in_needed: () => void,
  ) {
    super();
  }

  catalogs = (): Loadable<CatalogInfo[]> => this.#peek("catalogs");
  schemas = (catalog: string): Loadable<SchemaInfo[]> => this.#peek(keyOf("schemas", catalog));
  tables = (catalog: string, schema: string): Loadable<TableInfo[]> =>
    this.#peek(keyOf("tables", catalog, schema));
  volumes = (catalog: string, schema: string): Loadable<VolumeInfo[]> =>
    this.#peek(keyOf("volumes", catalog, schema));
  table = (catalog: string, schema: string, table: string): Loadable<TableInfo> =>
    this.#peek(keyOf("table", catalog, schema, table));

  loadCatalogs(): Promise<CatalogInfo[]> {
    return this.#load("catalogs", () => listCatalogs(this.token));
  }

  loadSchemas(catalog: string): Promise<SchemaInfo[]> {
    return this.#load(keyOf("schemas", catalog), () => listSchemas(this.token, catalog));
  }

  loadTables(catalog: string, schema: string): Promise<TableInfo[]> {
    return this.#load(keyOf("tables", catalog, schema), () =>
      listTables(this.token, catalog, schema),
    );
  }

  loadVolumes(catalog: string, schema: string): Promise<VolumeInfo[]> {
    return this.#load(keyOf("volumes", catalog, schema), () =>
      listVolumes(this.token, catalog, schema),
    );
  }

  loadTable(catalog: string, schema: string, table: string): Promise<TableInfo> {
    return this.#load(keyOf("table", catalog, schema, table), () =>
      getTable(this.token, `${catalog}.${schema}.${table}`),
    );
  }

  /** Loads the names of every schema, table and volume, so that the filter can find them all. */
  async loadAllNames(): Promise<void> {
    for (const catalog of await this.loadCatalogs()) {
      for (const schema of await this.loadSchemas(catalog.name).catch(() => [])) {
        await Promise.allSettled([
          this.loadTables(catalog.name, schema.name),
          this.loadVolumes(catalog.name, schema.name),
        ]);
      }
    }
  }

  /** Asks again for all that was asked for; what is known stays in sight until the answer. */
  refresh(): void {
    this.#loads.clear();
    for (const [key, entry] of [...this.#entries]) {
      if (entry.status !== "ready") this.#entries.delete(key);
      const fetch = this.#fetches.get(key);
      if (fetch) this.#load(key, fetch).catch(() => {});
    }
    this.changed();
  }

  #peek<T>(key: string): Loadable<T> {
    return (this.#entries.get(key) as Loadable<T> | undefined) ?? kAbsent;
  }

  #load<T>(key: string, fetch: () => Promise<T>): Promise<T> {
    const under_way = this.#loads.get(key);
    if (under_way) return under_way as Promise<T>;
    const load = fetch();
    const put = (entry: Loadable<T>) => {
      if (this.#loads.get(key) !== load) return; // refreshed meanwhile
      this.#entries.set(key, entry);
      this.changed();
    };
    this.#loads.set(key, load);
    this.#fetches.set(key, fetch);
    if (this.#entries.get(key)?.status !== "ready") put({ status: "loading" });
    load.then(
      (value) => put({ status: "ready", value }),
      (error: Error) => {
        put({ status: "failed", message: error.message });
        // The next look may try again.
        if (this.#loads.get(key) === load) this.#loads.delete(key);
        if (error instanceof ApiError && error.is_sign_in_needed) this.on_sign_in_needed();
      },
    );
    return load;
  }
}
