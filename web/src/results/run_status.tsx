import { useEffect, useState } from "react";
import type { EndpointInfo } from "../api/warehouses";
import { WaterMark } from "../brand/water_mark";
import type { RunningStatement } from "../run/outcome";
import { elapsedText } from "./number_text";

interface Props {
  running: RunningStatement;
  warehouse: EndpointInfo | null;
  onCancel: () => void;
}

function headline({ state }: RunningStatement, warehouse: EndpointInfo | null): string {
  if (state === "CANCELING") return "Canceling";
  if (state !== "RUNNING" && warehouse && warehouse.state !== "RUNNING") {
    return `${warehouse.name} is starting`;
  }
  if (state === "RUNNING") return "Running";
  return "Waiting";
}

function explanation({ state }: RunningStatement, warehouse: EndpointInfo | null): string {
  if (state === "CANCELING") return "The server has been asked to stop.";
  if (state !== "RUNNING" && warehouse && warehouse.state !== "RUNNING") {
    return "The statement runs as soon as the warehouse is up.";
  }
  return warehouse ? `on ${warehouse.name}` : "";
}

/** The statement on its way: what it waits for, for how long, and the way out. */
export function RunStatus({ running, warehouse, onCancel }: Props) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 100);
    return () => clearInterval(timer);
  }, []);
  const text = headline(running, warehouse);
  return (
    <div className="run-status results-focus" tabIndex={-1}>
      <WaterMark />
      <p className="run-status-headline" role="status" data-state={running.state}>
        {text}
        {running.count > 1 && (
          <span className="run-status-count">
            {" "}
            statement {running.index + 1} of {running.count}
          </span>
        )}
      </p>
      <p className="run-status-elapsed" role="timer" aria-label="Elapsed">
        {elapsedText(Math.max(0, now - running.started_at))}
      </p>
      <p className="run-status-note">{explanation(running, warehouse)}</p>
      <button
        type="button"
        className="button"
        disabled={running.state === "CANCELING"}
        onClick={onCancel}
      >
        Cancel
        <kbd>Esc</kbd>
      </button>
    </div>
  );
}
