import { useEffect, useRef, useState } from "react";
import type { ColumnInfo } from "../api/statements";
import { Icon } from "../brand/icon";
import { copyText } from "./clipboard";
import { typeLabel } from "./column_widths";
import { indentJson } from "./indent_json";

interface Props {
  column: ColumnInfo;
  row_number: number;
  value: string | null;
  onSay: (text: string) => void;
  onClose: () => void;
}

/** The whole value of one cell. */
export function CellInspector({ column, row_number, value, onSay, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const pretty = value === null ? null : indentJson(value);
  const [as_json, setAsJson] = useState(true);
  useEffect(() => dialog.current?.showModal(), []);

  const copy = () => {
    copyText(value ?? "").then(
      () => onSay("Cell copied"),
      (error: Error) => onSay(error.message),
    );
  };
  return (
    <dialog
      ref={dialog}
      className="cell-inspector"
      aria-label={`Value of ${column.name}, row ${row_number}`}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current?.close()}
    >
      <div className="cell-inspector-body">
        <div className="popover-title">
          <h2>
            {column.name} <span className="cell-inspector-type">{typeLabel(column)}</span>
          </h2>
          <span className="cell-inspector-row">row {row_number.toLocaleString("en-US")}</span>
          <button
            type="button"
            className="icon-button"
            aria-label="Close"
            onClick={() => dialog.current?.close()}
          >
            <Icon name="close" />
          </button>
        </div>
        {/* biome-ignore lint: a region that scrolls must be reachable by keyboard */}
        <pre className="cell-inspector-value" tabIndex={0}>
          {value === null ? <span className="grid-null">NULL</span> : pretty && as_json ? pretty : value}
        </pre>
        <div className="cell-inspector-actions">
          {pretty && (
            <label className="check">
              <input
                type="checkbox"
                checked={as_json}
                onChange={(event) => setAsJson(event.target.checked)}
              />
              Indent
            </label>
          )}
          <span className="cell-inspector-length">
            {value !== null && `${value.length.toLocaleString("en-US")} characters`}
          </span>
          <button type="button" className="button" disabled={value === null} onClick={copy}>
            <Icon name="copy" />
            Copy
          </button>
        </div>
      </div>
    </dialog>
  );
}
