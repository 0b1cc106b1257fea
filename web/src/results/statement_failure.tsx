import { Icon } from "../brand/icon";
import type { Outcome } from "../run/outcome";
import { rangeOfPosition, type StatementError } from "../sql/statement_error";

interface Props {
  outcome: Outcome;
  error: StatementError;
  onGoToError: () => void;
}

/** The line the error is on, with carets under what the server pointed at. */
function excerpt(statement: string, error: StatementError): string | null {
  if (!error.position) return null;
  const { from, to } = rangeOfPosition(statement, error.position);
  const start = statement.lastIndexOf("\n", from - 1) + 1;
  const text = statement.slice(start).split("\n")[0] as string;
  // Tabs would move the carets away from what they point at.
  const blank = text.slice(0, from - start).replace(/[^\t]/g, " ");
  return `${text}\n${blank}${"^".repeat(Math.max(1, to - from))}`;
}

export function StatementFailure({ outcome, error, onGoToError }: Props) {
  const lines = excerpt(outcome.origin.text, error);
  return (
    <div className="failure results-focus" role="alert" tabIndex={-1}>
      <div className="failure-head">
        <Icon name="warning" />
        {error.error_class && <code className="failure-class">{error.error_class}</code>}
        {error.sql_state && <span className="failure-state">SQLSTATE {error.sql_state}</span>}
      </div>
      <p className="failure-message">{error.message}</p>
      {lines && error.position && (
        <>
          {/* biome-ignore lint: a region that scrolls must be reachable by keyboard */}
          <pre className="failure-excerpt" tabIndex={0}>
            {lines}
          </pre>
          <button type="button" className="button button-small" onClick={onGoToError}>
            Go to line {error.position.line}, column {error.position.column + 1}
          </button>
        </>
      )}
      {outcome.request_id && <p className="failure-request">Request {outcome.request_id}</p>}
    </div>
  );
}
