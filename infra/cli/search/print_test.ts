import assert from "node:assert/strict";
import { createClient } from "../client/client.ts";
import { printHits, type SearchFormat } from "./print.ts";

const hit = {
  sha256: "ab".repeat(32),
  name: "a\u202Eexe",
  size: 5,
  fileType: "pe",
  verdict: "benign",
  score: 1,
};

/** Prints what a server sends before it ends, or breaks off. */
async function print(format: SearchFormat, chunks: readonly string[], breaksOff = false) {
  const asked: Record<string, unknown>[] = [];
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    asked.push(await request.json());
    const left = [...chunks];
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull(controller) {
        const chunk = left.shift();
        if (chunk !== undefined) controller.enqueue(new TextEncoder().encode(chunk));
        else if (breaksOff) controller.error(new Error("gone"));
        else controller.close();
      },
    });
    return new Response(body, { headers: { "x-total-count": "7" } });
  });
  const lines: string[] = [];
  const client = createClient({ server: `http://127.0.0.1:${server.addr.port}`, key: "k" });
  const printing = printHits(
    client,
    { q: "x" },
    format,
    AbortSignal.timeout(60_000),
    (line) => lines.push(line),
  );
  const result = await printing.catch((error: Error) => error.message);
  return { lines, result, asked: asked[0]! };
}

Deno.test("printHits() prints a table, hostile names shown and not obeyed", async () => {
  const { lines, result, asked } = await print("table", [JSON.stringify(hit) + "\n"]);
  assert.match(lines[0]!, /^VERDICT .* NAME$/);
  assert.match(lines[1]!, /^benign .* pe .* abababababababab {2}a\\u\{202e\}exe$/);
  assert.deepEqual(result, { printed: 1, total: 7 });
  assert.deepEqual([asked["format"], asked["fields"]], ["ndjson", Object.keys(hit)]);
});

Deno.test("printHits() hands the other formats on line by line, wherever they are cut", async () => {
  for (const format of ["ndjson", "hashes"] as const) {
    const { lines, result } = await print(format, ["on", "e\ntw", "o\n"]);
    assert.deepEqual([lines, result], [["one", "two"], { printed: 2, total: 7 }]);
  }
  const { lines, result } = await print("csv", ["name\r\n", "one\r\n"]);
  assert.deepEqual([lines, result], [["name", "one"], { printed: 1, total: 7 }]);
});

Deno.test("printHits() says that a list is not whole", async () => {
  const failure = JSON.stringify({ error: { code: "store-away", detail: "Cannot reach Elasticsearch" } });
  const told = await print("table", [`${JSON.stringify(hit)}\n`, `${failure}\n`], true);
  assert.equal(told.result, "Cannot list all of 7 hits: Cannot reach Elasticsearch");
  const broken = await print("hashes", ["one\n", "!error store-away: Cannot reach Elasticsearch\n"], true);
  assert.equal(broken.result, "Cannot list all of 7 hits: the connection broke off");
  assert.deepEqual(broken.lines, ["one", "!error store-away: Cannot reach Elasticsearch"]);
});
