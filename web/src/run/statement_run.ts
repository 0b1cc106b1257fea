import { ApiError } from "../api/http";
import {
  cancelStatement,
  executeStatement,
  type ExecuteStatementRequest,
  getStatement,
  type StatementResponse,
} from "../api/statements";

export interface RunUpdate {
  statement_id: string;
  state: StatementResponse["status"]["state"];
}

/** Waits between polls: short first, because most answers take milliseconds. */
const kPollDelays = [15, 30, 60, 120, 250, 400, 600, 1000];

/** A lost connection is tried again this often before the run is given up. */
const kPollAttempts = 5;

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function isFinal(response: StatementResponse): boolean {
  return response.status.state !== "PENDING" && response.status.state !== "RUNNING";
}

/**
 * One statement from submission to its final state. Cancelling asks the server and then waits for
 * what it says: a statement that finished in between is shown as finished.
 */
export class StatementRun {
  #statement_id: string | null = null;
  #cancel_asked = false;
  #wake: () => void = () => {};

  constructor(
    private readonly token: string,
    private readonly request: ExecuteStatementRequest,
    private readonly on_update: (update: RunUpdate) => void,
  ) {}

  get cancel_asked(): boolean {
    return this.#cancel_asked;
  }

  async run(): Promise<StatementResponse> {
    let response = await executeStatement(this.token, this.request);
    this.#statement_id = response.statement_id;
    if (this.#cancel_asked) await this.#sendCancel();
    let failures = 0;
    for (let poll = 0; !isFinal(response); poll++) {
      this.on_update({ statement_id: response.statement_id, state: response.status.state });
      const delay = kPollDelays[Math.min(poll, kPollDelays.length - 1)] as number;
      await Promise.race([sleep(delay), new Promise<void>((wake) => (this.#wake = wake))]);
      try {
        response = await getStatement(this.token, response.statement_id);
        failures = 0;
      } catch (error) {
        const may_pass = error instanceof ApiError && [0, 429, 503].includes(error.http_status);
        if (!may_pass || ++failures >= kPollAttempts) throw error;
      }
    }
    return response;
  }

  /** Safe to call at any time, also before the server has answered the submission. */
  async cancel(): Promise<void> {
    if (this.#cancel_asked) return;
    this.#cancel_asked = true;
    if (this.#statement_id !== null) await this.#sendCancel();
  }

  async #sendCancel(): Promise<void> {
    // A statement that is already over cannot be cancelled; the next poll tells how it ended.
    await cancelStatement(this.token, this.#statement_id as string).catch(() => {});
    this.#wake();
  }
}
