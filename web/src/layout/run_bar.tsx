import { useEffect } from "react";
import { Icon } from "../brand/icon";
import type { CatalogCache } from "../catalog/catalog_cache";
import type { NameScope } from "../editor/completion";
import { useObservable } from "./observable";
import "./run_bar.css";

interface Props {
  cache: CatalogCache;
  scope: NameScope;
  onScope: (scope: NameScope) => void;
  row_limit: number;
  onRowLimit: (limit: number) => void;
  busy: boolean;
  /** Why nothing can be run now, null when it can. */
  blocked: string | null;
  onRun: () => void;
  onCancel: () => void;
}

const kRowLimits = [1_000, 10_000, 100_000];
const kMod = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";

/** Run or cancel, where unqualified names are looked up, and how many rows come back at most. */
export function RunBar(props: Props) {
  const { cache, scope, onScope } = props;
  const version = useObservable(cache);
  const catalogs = cache.catalogs();
  const schemas = scope.catalog ? cache.schemas(scope.catalog) : null;

  useEffect(() => {
    if (scope.catalog && cache.schemas(scope.catalog).status === "absent") {
      cache.loadSchemas(scope.catalog).catch(() => {});
    }
  }, [cache, scope.catalog, version]);

  const catalog_names = namesOf(catalogs, scope.catalog);
  const schema_names = schemas ? namesOf(schemas, scope.schema) : [];
  return (
    <div className="run-bar" role="group" aria-label="Run">
      {props.busy ? (
        <button type="button" className="button button-stop" onClick={props.onCancel}>
          <Icon name="stop" />
          Cancel
          <kbd>Esc</kbd>
        </button>
      ) : (
        <button
          type="button"
          className="button button-primary"
          disabled={props.blocked !== null}
          title={props.blocked ?? "Run the selection or the statement at the cursor"}
          onClick={props.onRun}
        >
          <Icon name="play" />
          Run
          <kbd>{kMod} ↵</kbd>
        </button>
      )}
      <div className="scope" role="group" aria-label="Where unqualified names are looked up">
        <select
          aria-label="Catalog"
          value={scope.catalog ?? ""}
          onChange={(event) => onScope({ catalog: event.target.value || null, schema: null })}
        >
          <option value="">catalog</option>
          {catalog_names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <span aria-hidden="true" className="scope-dot">
          .
        </span>
        <select
          aria-label="Schema"
          value={scope.schema ?? ""}
          disabled={!scope.catalog}
          onChange={(event) => onScope({ ...scope, schema: event.target.value || null })}
        >
          <option value="">schema</option>
          {schema_names.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </div>
      <label className="row-limit">
        <span>Rows up to</span>
        <select
          value={props.row_limit}
          onChange={(event) => props.onRowLimit(Number(event.target.value))}
        >
          {kRowLimits.map((limit) => (
            <option key={limit} value={limit}>
              {limit.toLocaleString("en-US")}
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}

/** Names of a list that may not be here yet; the chosen one is always among them. */
function namesOf(
  list: { status: string; value?: { name: string }[] },
  chosen: string | null,
): string[] {
  const names = list.status === "ready" ? (list.value ?? []).map(({ name }) => name) : [];
  return chosen && !names.includes(chosen) ? [chosen, ...names] : names;
}
