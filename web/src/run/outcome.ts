import type { StatementState } from "../api/statements";
import type { ResultRows } from "../results/result_rows";
import type { StatementError } from "../sql/statement_error";

/** Where in the editor a statement was taken from, to lead back from its error. */
export interface StatementOrigin {
  from: number;
  text: string;
}

/** The statement on its way. */
export interface RunningStatement {
  key: number;
  origin: StatementOrigin;
  warehouse_id: string;
  started_at: number;
  state: "SUBMITTING" | "PENDING" | "RUNNING" | "CANCELING";
  /** Position among the statements of one command, for "2 of 5". */
  index: number;
  count: number;
}

/** How a statement ended. */
export interface Outcome {
  key: number;
  origin: StatementOrigin;
  warehouse_id: string;
  started_at: number;
  duration_ms: number;
  state: Exclude<StatementState, "PENDING" | "RUNNING">;
  rows: ResultRows | null;
  error: StatementError | null;
  /** The request's id where the server itself refused the call, for a report. */
  request_id: string | null;
}
