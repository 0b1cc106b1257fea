import { useEffect, useMemo, useState } from "react";
import { Icon } from "../brand/icon";
import { useObservable } from "../layout/observable";
import { quoteIdentifier, quoteName } from "../sql/identifiers";
import type { CatalogCache } from "./catalog_cache";
import "./catalog_pane.css";
import { CatalogTree } from "./catalog_tree";
import { NodeDetails } from "./node_details";
import { TreeModel, type TreeNode } from "./tree_model";

interface Props {
  cache: CatalogCache;
  onInsert: (text: string) => void;
}

/** What is written for a node: full names, but for a column just its own. */
function textToInsert(node: TreeNode): string {
  if (node.kind === "column") return quoteIdentifier(node.label);
  if (node.kind === "volume") return `'/Volumes/${node.path.join("/")}/'`;
  return quoteName(node.path);
}

/** Asks for the lists under an open node; what is loaded or on its way is not asked for again. */
function loadChildren(cache: CatalogCache, kind: string, path: string[]): void {
  const [catalog = "", schema = "", table = ""] = path;
  const quiet = () => {}; // the tree shows the failure from the cache
  if (kind === "catalog" && cache.schemas(catalog).status === "absent") {
    cache.loadSchemas(catalog).catch(quiet);
  } else if (kind === "schema" && cache.tables(catalog, schema).status === "absent") {
    cache.loadTables(catalog, schema).catch(quiet);
    cache.loadVolumes(catalog, schema).catch(quiet);
  } else if (kind === "table" && cache.table(catalog, schema, table).status === "absent") {
    cache.loadTable(catalog, schema, table).catch(quiet);
  }
}

export function CatalogPane({ cache, onInsert }: Props) {
  const version = useObservable(cache);
  const [filter, setFilter] = useState("");
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());
  const [active, setActive] = useState<string | null>(null);
  const catalogs = cache.catalogs();

  useEffect(() => {
    if (catalogs.status === "absent") cache.loadCatalogs().catch(() => {});
    for (const id of expanded) {
      const [kind = "", ...path] = id.split("\u0000");
      loadChildren(cache, kind, path);
    }
  }, [cache, catalogs.status, expanded, version]);

  useEffect(() => {
    if (filter.trim() !== "") cache.loadAllNames().catch(() => {});
  }, [cache, filter]);

  // biome-ignore lint: `version` stands for the contents of the cache
  const nodes = useMemo(
    () => new TreeModel(cache, expanded, filter).nodes,
    [cache, expanded, filter, version],
  );
  const active_node = nodes.find((node) => node.id === active) ?? null;

  const toggle = (node: TreeNode, open: boolean) => {
    const next = new Set(expanded);
    if (open) next.add(node.id);
    else next.delete(node.id);
    setExpanded(next);
  };

  return (
    <div className="catalog-pane">
      <div className="catalog-tools">
        <label className="filter-field">
          <Icon name="search" />
          <input
            type="search"
            aria-label="Filter the catalog"
            placeholder="Filter"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
        </label>
        <button
          type="button"
          className="icon-button"
          aria-label="Refresh the catalog"
          title="Refresh"
          onClick={() => cache.refresh()}
        >
          <Icon name="refresh" />
        </button>
      </div>
      {catalogs.status === "ready" || catalogs.status === "failed" ? (
        <CatalogTree
          nodes={nodes}
          active={active}
          filtered={filter.trim() !== ""}
          onActivate={setActive}
          onToggle={toggle}
          onInsert={(node) => onInsert(textToInsert(node))}
          onRetry={() => cache.refresh()}
        />
      ) : (
        <div className="tree-skeleton" role="status" aria-label="Loading the catalog">
          {[70, 48, 60, 38, 55].map((width) => (
            <span key={width} className="skeleton" style={{ width: `${width}%` }} />
          ))}
        </div>
      )}
      {active_node && active_node.kind !== "note" && <NodeDetails node={active_node} />}
    </div>
  );
}
