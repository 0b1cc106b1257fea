import { useObservable } from "../layout/observable";
import { countText, durationText } from "../results/number_text";
import { type HistoryEntry, QueryHistory } from "./query_history";
import "./history_pane.css";

interface Props {
  history: QueryHistory;
  onRestore: (statement: string) => void;
}

const kTime = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

const kStateText: Record<HistoryEntry["state"], string> = {
  RUNNING: "running",
  SUCCEEDED: "succeeded",
  FAILED: "failed",
  CANCELED: "canceled",
  CLOSED: "end unknown",
};

function summary({ state, row_count, error_class }: HistoryEntry): string {
  if (state === "SUCCEEDED") return countText(row_count ?? 0, "row");
  if (state === "FAILED") return error_class ?? "failed";
  return kStateText[state];
}

/** What ran in this tab, newest first; choosing one brings it back into the editor. */
export function HistoryPane({ history, onRestore }: Props) {
  useObservable(history);
  if (history.entries.length === 0) {
    return (
      <p className="history-empty">Statements that you run in this tab are listed here.</p>
    );
  }
  return (
    <div className="history">
      <ul className="history-list" aria-label="Statements of this tab, newest first">
        {history.entries.map((entry) => (
          <li key={`${entry.started_at}-${entry.key}`}>
            <button
              type="button"
              className={`history-entry history-${entry.state.toLowerCase()}`}
              title="Bring back into the editor"
              onClick={() => onRestore(entry.statement)}
            >
              <code className="history-statement">{entry.statement}</code>
              <span className="history-facts">
                <span className="history-mark" role="img" aria-label={kStateText[entry.state]} />
                <span className="history-summary">{summary(entry)}</span>
                {entry.duration_ms !== null && <span>{durationText(entry.duration_ms)}</span>}
                <time dateTime={new Date(entry.started_at).toISOString()}>
                  {kTime.format(entry.started_at)}
                </time>
              </span>
            </button>
          </li>
        ))}
      </ul>
      <div className="history-foot">
        <button type="button" className="button button-small" onClick={() => history.clear()}>
          Clear history
        </button>
      </div>
    </div>
  );
}
