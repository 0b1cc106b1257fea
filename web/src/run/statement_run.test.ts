import { afterEach, expect, test, vi } from "vitest";
import { ApiError } from "../api/http";
import { StatementRun } from "./statement_run";

interface Call {
  method: string;
  path: string;
}

/** A server that answers the calls in order; a number is an HTTP status with an error. */
function serve(answers: (string | number | Error)[]): Call[] {
  const calls: Call[] = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    calls.push({ method: init.method ?? "GET", path });
    if (path.endsWith("/cancel")) return new Response("{}");
    const answer = answers.shift() ?? new Error("unexpected call");
    if (answer instanceof Error) throw answer;
    if (typeof answer === "number") {
      return new Response('{"error_code":"X","message":"no"}', { status: answer });
    }
    return new Response(JSON.stringify({ statement_id: "s1", status: { state: answer } }));
  });
  return calls;
}

const kRequest = { warehouse_id: "w", statement: "SELECT 1" };

afterEach(() => vi.unstubAllGlobals());

test("polls to the end and tells the states on the way", async () => {
  serve(["PENDING", "RUNNING", "SUCCEEDED"]);
  const states: string[] = [];
  const run = new StatementRun("t", kRequest, ({ state }) => states.push(state));
  expect((await run.run()).status.state).toBe("SUCCEEDED");
  expect(states).toEqual(["PENDING", "RUNNING"]);
});

test("a cancel before the server has answered is sent as soon as there is an id", async () => {
  const calls = serve(["PENDING", "CANCELED"]);
  const run = new StatementRun("t", kRequest, () => {});
  const end = run.run();
  await run.cancel();
  await run.cancel();
  expect((await end).status.state).toBe("CANCELED");
  expect(calls.map((call) => call.path.split("/statements")[1])).toEqual(["", "/s1/cancel", "/s1"]);
});

test("a lost connection while polling is tried again, a refusal is not", async () => {
  serve(["RUNNING", new TypeError("network"), 503, "SUCCEEDED"]);
  const run = new StatementRun("t", kRequest, () => {});
  expect((await run.run()).status.state).toBe("SUCCEEDED");

  serve(["RUNNING", 404]);
  await expect(new StatementRun("t", kRequest, () => {}).run()).rejects.toThrow(ApiError);
});

test("a submission that fails is not repeated: it may have been taken", async () => {
  const calls = serve([503]);
  await expect(new StatementRun("t", kRequest, () => {}).run()).rejects.toThrow("no");
  expect(calls).toHaveLength(1);
});
