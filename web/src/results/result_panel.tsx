import { useEffect, useState } from "react";
import type { EndpointInfo } from "../api/warehouses";
import { useObservable } from "../layout/observable";
import type { Runner } from "../run/runner";
import { NoResult } from "./no_result";
import { ResultBar } from "./result_bar";
import { ResultGrid } from "./result_grid";
import "./result_panel.css";
import { RunStatus } from "./run_status";
import { StatementFailure } from "./statement_failure";
import { TextResult, textOf } from "./text_result";

interface Props {
  runner: Runner;
  warehouses: EndpointInfo[];
  onTry: (statement: string) => void;
  onGoToError: () => void;
  onSay: (text: string) => void;
}

/** A statement that is over sooner than this never shows that it ran: no flicker. */
const kPatience = 180;

/** Whether the running statement has been running long enough to say so. */
function useIsSlow(key: number | null): boolean {
  const [slow_key, setSlowKey] = useState<number | null>(null);
  useEffect(() => {
    if (key === null) return;
    const timer = setTimeout(() => setSlowKey(key), kPatience);
    return () => clearTimeout(timer);
  }, [key]);
  return key !== null && slow_key === key;
}

export function ResultPanel({ runner, warehouses, onTry, onGoToError, onSay }: Props) {
  useObservable(runner);
  const { running, outcome } = runner;
  const slow = useIsSlow(running?.key ?? null);
  const warehouseOf = (id: string) => warehouses.find((warehouse) => warehouse.id === id) ?? null;

  if (running && (slow || !outcome)) {
    const warehouse = warehouseOf(running.warehouse_id);
    return <RunStatus running={running} warehouse={warehouse} onCancel={() => runner.cancel()} />;
  }
  if (!outcome) return <NoResult onTry={onTry} />;
  const { rows, error, state } = outcome;
  const text = rows && textOf(rows);
  const warehouse_name = warehouseOf(outcome.warehouse_id)?.name ?? null;
  return (
    <div className="result" aria-busy={running !== null}>
      <ResultBar outcome={outcome} warehouse_name={warehouse_name} onSay={onSay} />
      {rows?.failure && (
        <p className="result-load-failure" role="alert">
          Some rows could not be loaded: {rows.failure}
          <button type="button" className="button button-small" onClick={() => rows.retry()}>
            Try again
          </button>
        </p>
      )}
      {rows && text !== null && <TextResult text={text} onSay={onSay} />}
      {rows && text === null && rows.columns.length > 0 && (
        <ResultGrid key={outcome.key} rows={rows} onSay={onSay} />
      )}
      {rows && rows.columns.length === 0 && (
        <p className="result-plain results-focus" tabIndex={-1}>
          Done. The statement returns no rows.
        </p>
      )}
      {error && <StatementFailure outcome={outcome} error={error} onGoToError={onGoToError} />}
      {state === "CANCELED" && (
        <p className="result-plain results-focus" tabIndex={-1}>
          Canceled. Nothing more of it runs on the warehouse.
        </p>
      )}
    </div>
  );
}
