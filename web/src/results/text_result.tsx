import { Icon } from "../brand/icon";
import { copyText } from "./clipboard";
import type { ResultRows } from "./result_rows";

/** The text of a result that is one value of several lines, as EXPLAIN gives; null for others. */
export function textOf(rows: ResultRows): string | null {
  if (rows.row_count !== 1 || rows.columns.length !== 1) return null;
  const value = rows.row(0)?.[0] ?? null;
  return value?.trimEnd().includes("\n") ? value : null;
}

/** A text to read: a plan or a definition would be one cut line in the grid. */
export function TextResult({ text, onSay }: { text: string; onSay: (text: string) => void }) {
  const copy = () => {
    copyText(text).then(
      () => onSay("Text copied"),
      (error: Error) => onSay(error.message),
    );
  };
  return (
    <div className="text-result">
      {/* biome-ignore lint: a region that scrolls must be reachable by keyboard */}
      <pre className="text-result-text results-focus" tabIndex={0} aria-label="Result">
        {text}
      </pre>
      <button type="button" className="icon-button" aria-label="Copy the text" onClick={copy}>
        <Icon name="copy" />
      </button>
    </div>
  );
}
