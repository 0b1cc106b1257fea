import { ApiError } from "../api/http";
import type { ExecuteStatementRequest, StatementResponse } from "../api/statements";
import type { QueryHistory } from "../history/query_history";
import { Observable } from "../layout/observable";
import { ResultRows } from "../results/result_rows";
import { parseStatementError, type StatementError } from "../sql/statement_error";
import type { Outcome, RunningStatement, StatementOrigin } from "./outcome";
import { StatementRun } from "./statement_run";

export type RunSettings = Omit<ExecuteStatementRequest, "statement">;

/** Runs statements one after the other; holds the one on its way and the last outcome. */
export class Runner extends Observable {
  running: RunningStatement | null = null;
  outcome: Outcome | null = null;
  #run: StatementRun | null = null;
  #next_key = 1;

  constructor(
    private readonly token: string,
    private readonly history: QueryHistory,
    private readonly on_sign_in_needed: () => void,
  ) {
    super();
  }

  /** Runs all of `origins` in order and stops at the first that does not succeed. */
  async start(origins: readonly StatementOrigin[], settings: RunSettings): Promise<void> {
    if (this.running) return;
    for (const [index, origin] of origins.entries()) {
      const outcome = await this.#runOne(origin, settings, index, origins.length);
      if (outcome.state !== "SUCCEEDED") break;
    }
  }

  cancel(): void {
    if (!this.running || !this.#run) return;
    this.running = { ...this.running, state: "CANCELING" };
    this.changed();
    void this.#run.cancel();
  }

  async #runOne(
    origin: StatementOrigin,
    settings: RunSettings,
    index: number,
    count: number,
  ): Promise<Outcome> {
    const key = this.#next_key++;
    const started_at = Date.now();
    const { warehouse_id } = settings;
    const clock = performance.now();
    this.running = { key, origin, warehouse_id, started_at, state: "SUBMITTING", index, count };
    this.history.begin(key, origin.text, started_at);
    this.#run = new StatementRun(this.token, { ...settings, statement: origin.text }, (update) => {
      if (this.running?.state === "CANCELING" || this.running?.state === update.state) return;
      this.running = { ...(this.running as RunningStatement), state: update.state as "RUNNING" };
      this.changed();
    });
    this.changed();
    const ended = await this.#run.run().then(
      (response) => this.#outcomeOf(response),
      (error: unknown) => this.#outcomeOfThrown(error),
    );
    const duration_ms = performance.now() - clock;
    const outcome = { key, origin, warehouse_id, started_at, duration_ms, ...ended };
    this.history.end(outcome);
    this.#run = null;
    this.running = null;
    this.outcome = outcome;
    this.changed();
    return outcome;
  }

  #outcomeOf(response: StatementResponse) {
    const { state, error } = response.status;
    let parsed: StatementError | null = null;
    if (state === "FAILED") {
      parsed = parseStatementError(error?.message ?? "The server gave no reason.");
      parsed.error_class ??= error?.error_code ?? null;
    } else if (state === "CLOSED") {
      parsed = parseStatementError("The result is no longer kept. Run the statement again.");
    }
    return {
      state: state as Outcome["state"],
      rows: state === "SUCCEEDED" ? new ResultRows(this.token, response) : null,
      error: parsed,
      request_id: null,
    };
  }

  #outcomeOfThrown(thrown: unknown) {
    if (thrown instanceof ApiError && thrown.is_sign_in_needed) this.on_sign_in_needed();
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const error = parseStatementError(message);
    if (thrown instanceof ApiError) error.error_class ??= thrown.error_code;
    const request_id = thrown instanceof ApiError ? thrown.request_id : null;
    return { state: "FAILED" as const, rows: null, error, request_id };
  }
}
