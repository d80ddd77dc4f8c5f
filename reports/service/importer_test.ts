import { EVERYTHING, type ImportOptions } from "@assay/core";
import { connectImportReader, ExportError, type ImportReader } from "@assay/infra";
import assert from "node:assert/strict";
import { testStixParts } from "../../infra/install/testing.ts";
import { pe } from "../fixtures/programs.ts";
import { organisation } from "../fixtures/reports.ts";
import { makeModel } from "../model/build.ts";
import { createRendererPool } from "../pool/pool.ts";
import { renderStix } from "../stix/render.ts";
import { testSettings } from "../stix/testing.ts";
import { createExporter } from "./exporter.ts";
import { createGate } from "./gate.ts";
import { createImporter } from "./importer.ts";
import { createHandler } from "./serve.ts";

const SECRET = "a secret";
const never = new AbortController().signal;
const options: ImportOptions = { format: "stix", tlp: "amber", verdict: "bad" };
const utf8 = new TextEncoder();

/** The door of a reports process with one real renderer, and a client of it. */
async function serve(given: { stix?: false; heapMegabytes?: number; timeout?: number } = {}) {
  const parts = await testStixParts();
  const pool = createRendererPool({
    size: 1,
    timeout: given.timeout ?? 20_000,
    heapMegabytes: given.heapMegabytes ?? 256,
    maxBytes: 64 * 2 ** 20,
    stix: given.stix === false ? null : { schemas: parts.schemas, techniques: parts.attack },
  });
  const gate = createGate(2, 1);
  const exporter = createExporter({
    sources: {
      reports: { find: () => Promise.resolve(null), latest: () => Promise.resolve(new Map()) },
      notes: {
        list: () => Promise.resolve({ items: [], cursor: null }),
        lastChange: () => Promise.resolve(null),
      },
      tags: {
        list: () => Promise.resolve([]),
        history: () => Promise.resolve({ items: [], cursor: null }),
      },
    },
    pool,
    gate,
    organisation,
    rules: { matched: () => [] },
    sections: [],
    software: "1",
    finishers: {},
  });
  const importer = createImporter({ pool, gate, now: () => new Date("2026-11-24T12:00:00Z") });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    createHandler(exporter, importer, SECRET),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  return {
    url,
    reader: connectImportReader({ url, secret: SECRET }),
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await pool.close();
    },
  };
}

const refusalOf = (reader: ImportReader, file: Uint8Array<ArrayBuffer>, read = options) =>
  reader.read(file, read, never).then(
    () => assert.fail("It was read"),
    (error: Error) => [error.name, error instanceof ExportError ? error.refusal : null, error.message],
  );

Deno.test("a partner's file is read in a renderer, and what can't be read is told", async () => {
  await using served = await serve();
  const model = makeModel({ report: pe(), organisation, visibility: EVERYTHING });
  const bundle = utf8.encode(renderStix(model, await testSettings()));

  const reading = await served.reader.read(bundle, options, never);

  assert.deepEqual(reading.refused, { count: 0, first: [] });
  assert(reading.hashes.some(({ value }) => value === model.sha256));
  const list = await served.reader.read(
    utf8.encode(`${"a".repeat(32)} x\n`),
    { ...options, format: "text" },
    never,
  );
  assert.deepEqual(list.hashes.map(({ value, note }) => [value, note]), [["a".repeat(32), "x"]]);
  assert.deepEqual(await refusalOf(served.reader, utf8.encode("{")), [
    "UnreadableImportError",
    null,
    "Cannot read JSON: expected valid JSON, it breaks off at 1",
  ]);
});

Deno.test("a file that takes too long or too much memory costs its renderer, and the next is read", async () => {
  await using served = await serve({ heapMegabytes: 48, timeout: 10_000 });
  const large = utf8.encode(`[${"[[[[{}]]]],".repeat(1_400_000)}0]`);
  assert.deepEqual((await refusalOf(served.reader, large)).slice(0, 2), ["ExportError", "too-large"]);
  const reading = await served.reader.read(
    utf8.encode("a".repeat(64)),
    { ...options, format: "text" },
    never,
  );
  assert.equal(reading.hashes.length, 1);
});

Deno.test("without OASIS's schemas lists are read, and bundles refused with the reason", async () => {
  await using served = await serve({ stix: false });
  assert.deepEqual(await refusalOf(served.reader, utf8.encode('{"type":"bundle","objects":[]}')), [
    "ExportError",
    "unavailable",
    "Cannot read STIX: OASIS's schemas of STIX are not installed",
  ]);
  const list = { ...options, format: "csv" } as const;
  assert.equal(
    (await served.reader.read(utf8.encode(`md5\n${"b".repeat(32)}`), list, never)).hashes.length,
    1,
  );
});

Deno.test("imports are read for nobody who doesn't know the secret, and bounded at the door", async () => {
  await using served = await serve({ stix: false });
  const post = (body: BodyInit, query: string, secret = SECRET) =>
    fetch(`${served.url}/v1/import?${query}`, {
      method: "POST",
      body,
      headers: { authorization: `Bearer ${secret}` },
    });
  const good = "format=text&tlp=amber&verdict=bad";
  for (
    const [answer, status] of [
      [await post("x", good, "another"), 401],
      [await post("x", "format=text&tlp=amber"), 400],
      [await post(new Uint8Array(16 * 2 ** 20 + 1), good), 400],
      [await post("x", good), 200],
    ] as const
  ) {
    await answer.body?.cancel();
    assert.equal(answer.status, status);
  }
});
