import { useState } from "react";
import { Icon } from "../brand/icon";
import type { Outcome } from "../run/outcome";
import { saveFile, csvParts } from "./download";
import { countText, durationText } from "./number_text";

interface Props {
  outcome: Outcome;
  warehouse_name: string | null;
  onSay: (text: string) => void;
}

const kStateText: Record<Outcome["state"], string> = {
  SUCCEEDED: "Done",
  FAILED: "Failed",
  CANCELED: "Canceled",
  CLOSED: "Closed",
};

/** `tarn-2026-11-24-1204.csv`, in local time. */
function fileName(started_at: number): string {
  const local = new Date(started_at - new Date(started_at).getTimezoneOffset() * 60_000);
  return `tarn-${local.toISOString().slice(0, 16).replace("T", "-").replace(":", "")}.csv`;
}

/** How the statement ended, in one line, and what can be done with its rows. */
export function ResultBar({ outcome, warehouse_name, onSay }: Props) {
  const [downloading, setDownloading] = useState<number | null>(null);
  const { rows, state, duration_ms } = outcome;

  const download = async () => {
    if (!rows) return;
    setDownloading(0);
    try {
      const parts = await csvParts(rows, setDownloading);
      saveFile(fileName(outcome.started_at), "text/csv;charset=utf-8", parts);
      const said = `${countText(rows.row_count, "row")} downloaded`;
      onSay(rows.truncated ? `${said}, the result has more: raise the row limit for all` : said);
    } catch (error) {
      onSay(`Download failed: ${(error as Error).message}`);
    }
    setDownloading(null);
  };

  const facts = [durationText(duration_ms), warehouse_name].filter(Boolean).join(" · ");
  return (
    <div className="result-bar">
      <p className="result-facts" data-state={state}>
        <span className={`result-state result-state-${state.toLowerCase()}`} data-testid="result-state">
          {state === "SUCCEEDED" && rows ? countText(rows.row_count, "row") : kStateText[state]}
        </span>
        <span className="result-time">{facts}</span>
        {rows?.truncated && (
          <span className="result-truncated" title="Raise the row limit above the editor to see more">
            <Icon name="warning" />
            limited, there are more
          </span>
        )}
      </p>
      {rows && rows.columns.length > 0 && (
        <button
          type="button"
          className="button button-small"
          disabled={downloading !== null}
          onClick={() => void download()}
        >
          <Icon name="download" />
          {downloading === null ? "CSV" : `${downloading.toLocaleString("en-US")} rows…`}
          <span className="visually-hidden"> download</span>
        </button>
      )}
    </div>
  );
}
