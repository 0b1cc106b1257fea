import type { KeyboardEvent } from "react";
import type { CatalogCache } from "../catalog/catalog_cache";
import { CatalogPane } from "../catalog/catalog_pane";
import { HistoryPane } from "../history/history_pane";
import type { QueryHistory } from "../history/query_history";

export type SideTab = "catalog" | "history";

interface Props {
  tab: SideTab;
  onTab: (tab: SideTab) => void;
  cache: CatalogCache;
  history: QueryHistory;
  onInsert: (text: string) => void;
  onRestore: (statement: string) => void;
}

const kTabs: [SideTab, string][] = [
  ["catalog", "Catalog"],
  ["history", "History"],
];

/** Catalog and history; both stay mounted so that neither forgets where one was. */
export function SidePane({ tab, onTab, cache, history, onInsert, onRestore }: Props) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
    const next = tab === "catalog" ? "history" : "catalog";
    onTab(next);
    document.getElementById(`side-tab-${next}`)?.focus();
    event.preventDefault();
  };
  return (
    <div className="side">
      {/* biome-ignore lint: arrows belong to the list of tabs */}
      <div role="tablist" aria-label="Side pane" className="side-tabs" onKeyDown={onKeyDown}>
        {kTabs.map(([value, title]) => (
          <button
            key={value}
            type="button"
            role="tab"
            id={`side-tab-${value}`}
            aria-selected={tab === value}
            aria-controls={`side-panel-${value}`}
            tabIndex={tab === value ? 0 : -1}
            className="side-tab"
            onClick={() => onTab(value)}
          >
            {title}
          </button>
        ))}
      </div>
      <div
        role="tabpanel"
        id="side-panel-catalog"
        aria-labelledby="side-tab-catalog"
        className="side-panel"
        hidden={tab !== "catalog"}
      >
        <CatalogPane cache={cache} onInsert={onInsert} />
      </div>
      <div
        role="tabpanel"
        id="side-panel-history"
        aria-labelledby="side-tab-history"
        className="side-panel"
        hidden={tab !== "history"}
      >
        <HistoryPane history={history} onRestore={onRestore} />
      </div>
    </div>
  );
}
