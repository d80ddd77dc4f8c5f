import assert from "node:assert/strict";
import { createClient } from "../client/client.ts";
import { asksMany, exportMany, manyRequest } from "./many.ts";

const ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
const made = { reports: 2, failed: 1, failures: [{ reportId: ID, reason: "it broke" }] };
const running = { status: "running", done: 1, total: 3, error: null, file: null };

/** Exports from a server that tells these states one after the other. Gives what it was asked, and what came out. */
async function exported(states: readonly object[], signal = AbortSignal.timeout(60_000)) {
  const asked: string[] = [];
  const left = [...states];
  await using server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const { pathname } = new URL(request.url);
    asked.push(`${request.method} ${pathname} ${await request.text()}`.trim());
    if (request.method === "POST") return Response.json({ count: 3, id: ID });
    if (request.method === "DELETE") return new Response(null, { status: 204 });
    if (pathname.endsWith("/download")) return new Response("file");
    return Response.json(left.shift());
  });
  const client = createClient({ server: `http://127.0.0.1:${server.addr.port}`, key: "k" });
  const told: number[] = [];
  let written = "";
  const output = {
    async write(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
      written = await new Response(stream).text();
      return written.length;
    },
    discard: () => Promise.resolve(),
  };
  const result = await exportMany(client, { q: "x" }, output, signal, (_, done) => told.push(done))
    .catch((error: Error) => error.message);
  return { asked, told, written, result };
}

Deno.test("exportMany() confirms what was counted, tells how far it is, writes the file, and removes it there", async () => {
  const complete = { ...running, status: "complete", done: 3, file: made };
  const { asked, told, written, result } = await exported([running, complete]);
  assert.deepEqual(asked, [
    'POST /api/v1/exports {"q":"x","dryRun":true}',
    'POST /api/v1/exports {"q":"x","expected":3}',
    `GET /api/v1/exports/${ID}`,
    `GET /api/v1/exports/${ID}`,
    `GET /api/v1/exports/${ID}/download`,
    `DELETE /api/v1/exports/${ID}`,
  ]);
  assert.deepEqual([told, written, result], [[1, 3], "file", { ...made, bytes: 4 }]);
});

Deno.test("exportMany() says why there is no file, and leaves none where it is stopped", async () => {
  const failed = await exported([{ ...running, status: "failed", error: "Cannot export: too much" }]);
  assert.equal(failed.result, "Cannot export: too much");
  assert.equal(failed.asked.at(-1), `DELETE /api/v1/exports/${ID}`);
  const stop = new AbortController();
  const stopped = exported([{
    ...running,
    get done() {
      stop.abort(new Error("Stopped"));
      return 1;
    },
  }], stop.signal);
  const { result, asked, written } = await stopped;
  assert.equal(typeof result, "string");
  assert.deepEqual([asked.at(-1), written], [`DELETE /api/v1/exports/${ID}`, ""]);
});

Deno.test("manyRequest() finds a list by its name or id, and says what to write instead", async () => {
  const pages = [
    { items: [{ id: "A", name: "other" }, { id: "B", name: "mine" }], cursor: "next" },
    { items: [{ id: "C", name: "twice" }, { id: "D", name: "twice" }], cursor: null },
  ];
  const signal = AbortSignal.timeout(60_000);
  const of = (asked: object) => {
    const client = {
      get: (path: string) => Promise.resolve(pages[path.includes("cursor=next") ? 1 : 0]),
    } as unknown as Parameters<typeof manyRequest>[0];
    return manyRequest(client, { format: "json", ...asked }, signal);
  };
  assert.deepEqual(await of({ list: "mine", joined: true }), {
    format: "json",
    container: "joined",
    list: "B",
  });
  assert.deepEqual(await of({ list: ID }), { format: "json", container: "zip", list: ID });
  assert.deepEqual(await of({ query: "", defang: "false", sections: "notes,gaps" }), {
    format: "json",
    container: "zip",
    q: "",
    defang: false,
    sections: ["notes", "gaps"],
  });
  await assert.rejects(of({ list: "none" }), /Cannot find list 'none'/);
  await assert.rejects(of({ list: "twice" }), /expected one of the ids C, D/);
  await assert.rejects(of({ submission: "../x" }), /expected a submission's id/);
  await assert.rejects(of({ query: "", defang: "perhaps" }), /--defang true or false/);
  await assert.rejects(of({ query: "", format: undefined }), /expected --format/);
});

Deno.test("asksMany() takes one of a report, a query, a submission and a list", () => {
  assert.equal(asksMany([ID], {}), false);
  assert.equal(asksMany([], {}), false);
  assert.equal(asksMany([], { query: "" }), true);
  assert.equal(asksMany([], { list: "mine" }), true);
  assert.throws(() => asksMany([ID], { query: "" }), /expected one of/);
  assert.throws(() => asksMany([], { query: "", submission: ID }), TypeError);
});
