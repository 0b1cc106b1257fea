import { afterEach, expect, test, vi } from "vitest";
import type { BaseChunkInfo, ResultRow, StatementResponse } from "../api/statements";
import { ResultRows } from "./result_rows";

const kRows: ResultRow[] = Array.from({ length: 10 }, (_, i) => [String(i)]);

function chunkData(index: number) {
  const rows = kRows.slice(index * 4, index * 4 + 4);
  const next_chunk_index = index < 2 ? index + 1 : undefined;
  return { chunk_index: index, row_offset: index * 4, row_count: rows.length, data_array: rows, next_chunk_index };
}

function response(chunks?: BaseChunkInfo[]): StatementResponse {
  return {
    statement_id: "s",
    status: { state: "SUCCEEDED" },
    manifest: { schema: { columns: [{ name: "n", type_name: "INT" }] }, chunks, total_row_count: 10 },
    result: chunkData(0),
  };
}

/** Answers chunk requests and counts them; `fail` makes the next one fail. */
function serveChunks() {
  const state = { asked: [] as number[], fail: false };
  vi.stubGlobal("fetch", async (url: string) => {
    const index = Number(url.split("/").at(-1));
    state.asked.push(index);
    if (state.fail) return new Response('{"error_code":"NOT_FOUND","message":"gone"}', { status: 404 });
    return new Response(JSON.stringify(chunkData(index)));
  });
  return state;
}

afterEach(() => vi.unstubAllGlobals());

const kChunks = [0, 1, 2].map((i) => ({ chunk_index: i, row_offset: i * 4, row_count: i < 2 ? 4 : 2 }));

test("the first chunk is here, the others come when asked for, each once", async () => {
  const served = serveChunks();
  const rows = new ResultRows("t", response(kChunks));
  expect(rows.row(3)).toEqual(["3"]);
  expect(rows.row(9)).toBeUndefined();
  rows.request(8, 9);
  rows.request(8, 9);
  await vi.waitFor(() => expect(rows.row(9)).toEqual(["9"]));
  expect(served.asked).toEqual([2]);
  expect(await rows.slice(2, 5)).toEqual([["2"], ["3"], ["4"], ["5"]]);
  expect(served.asked).toEqual([2, 1]);
});

test("without a list of chunks they are followed one after the other", async () => {
  serveChunks();
  const rows = new ResultRows("t", response());
  const all: ResultRow[] = [];
  for await (const chunk of rows.all()) all.push(...chunk);
  expect(all).toEqual(kRows);
});

test("a chunk that fails is said, and can be tried again", async () => {
  const served = serveChunks();
  served.fail = true;
  const rows = new ResultRows("t", response(kChunks));
  rows.request(4, 4);
  await vi.waitFor(() => expect(rows.failure).toBe("gone"));
  served.fail = false;
  rows.retry();
  expect(rows.failure).toBeNull();
  rows.request(4, 4);
  await vi.waitFor(() => expect(rows.row(4)).toEqual(["4"]));
});
