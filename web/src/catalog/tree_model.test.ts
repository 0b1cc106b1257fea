import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CatalogCache } from "./catalog_cache";
import { nodeId, TreeModel } from "./tree_model";

const kAnswers: Record<string, unknown> = {
  catalogs: { catalogs: [{ name: "samples" }, { name: "empty" }] },
  "schemas samples": { schemas: [{ name: "nyc", catalog_name: "samples" }] },
  "schemas empty": { schemas: [] },
  "tables nyc": { tables: [{ name: "flights" }, { name: "v", table_type: "VIEW" }] },
  "volumes nyc": { volumes: [{ name: "landing" }] },
  "samples.nyc.flights": { columns: [{ name: "dep", type_text: "INT", comment: "c" }] },
};

beforeEach(() => {
  vi.stubGlobal("fetch", async (url: string) => {
    const { pathname, searchParams } = new URL(url, "http://x");
    const list = pathname.split("/").at(-1) as string;
    const owner = searchParams.get("schema_name") ?? searchParams.get("catalog_name");
    const answer = kAnswers[owner ? `${list} ${owner}` : list];
    if (!answer) return new Response('{"error_code":"X","message":"refused"}', { status: 403 });
    return new Response(JSON.stringify(answer));
  });
});
afterEach(() => vi.unstubAllGlobals());

const all_open = new Set([
  nodeId("catalog", ["samples"]),
  nodeId("schema", ["samples", "nyc"]),
  nodeId("table", ["samples", "nyc", "flights"]),
]);

async function loaded(): Promise<CatalogCache> {
  const cache = new CatalogCache("t", () => {});
  await cache.loadAllNames();
  await cache.loadTable("samples", "nyc", "flights");
  return cache;
}

function lines(model: TreeModel): string[] {
  return model.nodes.map((node) => `${" ".repeat(node.level - 1)}${node.kind} ${node.label}`);
}

test("what is open is flattened in order", async () => {
  const model = new TreeModel(await loaded(), all_open, "");
  expect(lines(model)).toEqual([
    "catalog samples",
    " schema nyc",
    "  table flights",
    "   column dep",
    "  view v",
    "  volume landing",
    "catalog empty",
  ]);
  expect(model.nodes[3]).toMatchObject({ detail: "int", comment: "c", expanded: null });
  expect(model.nodes[4]).toMatchObject({ position: 2, size: 3, expanded: false });
});

test("the filter opens the way to what it finds and hides the rest", async () => {
  const cache = await loaded();
  expect(lines(new TreeModel(cache, new Set(), "LAND"))).toEqual([
    "catalog samples",
    " schema nyc",
    "  volume landing",
  ]);
  expect(lines(new TreeModel(cache, new Set(), "dep")).at(-1)).toBe("   column dep");
  expect(lines(new TreeModel(cache, new Set(), "flights"))).toEqual([
    "catalog samples",
    " schema nyc",
    "  table flights",
  ]);
  expect(new TreeModel(cache, new Set(), "nothing").nodes).toEqual([]);
});

test("an empty list and a refused one each have a line that says so", async () => {
  const cache = await loaded();
  const open = new Set([nodeId("catalog", ["empty"])]);
  expect(lines(new TreeModel(cache, open, "")).at(-1)).toBe(" note No schemas");
  await cache.loadSchemas("secret").catch(() => {});
  expect(cache.schemas("secret")).toEqual({ status: "failed", message: "refused" });
});

test("a refresh keeps what is known until the answer, and forgets what is gone", async () => {
  const cache = await loaded();
  kAnswers["tables nyc"] = { tables: [{ name: "planes" }] };
  cache.refresh();
  expect(lines(new TreeModel(cache, all_open, ""))).toContain("  table flights");
  await vi.waitFor(() => {
    expect(lines(new TreeModel(cache, all_open, ""))).toContain("  table planes");
  });
  expect(lines(new TreeModel(cache, all_open, ""))).not.toContain("  table flights");
});
