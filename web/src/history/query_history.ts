import { Observable } from "../layout/observable";
import type { Outcome } from "../run/outcome";

export interface HistoryEntry {
  key: number;
  statement: string;
  started_at: number;
  state: "RUNNING" | Outcome["state"];
  duration_ms: number | null;
  row_count: number | null;
  error_class: string | null;
}

const kStorageKey = "tarn.history";
const kMaxEntries = 200;

function readStored(): HistoryEntry[] {
  try {
    const entries = JSON.parse(sessionStorage.getItem(kStorageKey) ?? "[]") as HistoryEntry[];
    // What was under way when the page was left has an unknown end; it is shown as closed.
    return entries.map((entry) => (entry.state === "RUNNING" ? { ...entry, state: "CLOSED" } : entry));
  } catch {
    return [];
  }
}

/** What ran in this tab, newest first; outlives a reload of the page, not the tab. */
export class QueryHistory extends Observable {
  #entries: HistoryEntry[] = readStored();

  get entries(): readonly HistoryEntry[] {
    return this.#entries;
  }

  begin(key: number, statement: string, started_at: number): void {
    const entry: HistoryEntry = {
      key,
      statement,
      started_at,
      state: "RUNNING",
      duration_ms: null,
      row_count: null,
      error_class: null,
    };
    this.#set([entry, ...this.#entries].slice(0, kMaxEntries));
  }

  end(outcome: Outcome): void {
    this.#set(
      this.#entries.map((entry) =>
        entry.key === outcome.key && entry.started_at === outcome.started_at
          ? {
              ...entry,
              state: outcome.state,
              duration_ms: outcome.duration_ms,
              row_count: outcome.rows?.row_count ?? null,
              error_class: outcome.error?.error_class ?? null,
            }
          : entry,
      ),
    );
  }

  clear(): void {
    this.#set([]);
  }

  #set(entries: HistoryEntry[]): void {
    this.#entries = entries;
    try {
      sessionStorage.setItem(kStorageKey, JSON.stringify(entries));
    } catch {
      // Storage is full: the list still lives as long as the page.
    }
    this.changed();
  }
}
