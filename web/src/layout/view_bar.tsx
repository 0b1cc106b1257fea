import { Icon, type IconName } from "../brand/icon";

/** The one pane that a narrow page shows. */
export type View = "catalog" | "query" | "history";

const kViews: [View, string, IconName][] = [
  ["catalog", "Catalog", "catalog"],
  ["query", "Query", "editor"],
  ["history", "History", "history"],
];

/** On a narrow page: one pane at a time, chosen at the bottom edge. */
export function ViewBar({ view, onView }: { view: View; onView: (view: View) => void }) {
  return (
    <nav className="view-bar" aria-label="Panes">
      {kViews.map(([value, title, icon]) => (
        <button
          key={value}
          type="button"
          aria-current={view === value ? "page" : undefined}
          onClick={() => onView(value)}
        >
          <Icon name={icon} />
          {title}
        </button>
      ))}
    </nav>
  );
}
