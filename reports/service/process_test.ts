import { EVERYTHING, type ExportFormat } from "@assay/core";
import { connectPostgres, ExportError, migrate, type ReportExportRequest } from "@assay/infra";
import assert from "node:assert/strict";
import { testElasticsearch } from "../../infra/elasticsearch/testing.ts";
import { testReportExports } from "../../infra/reports/testing.ts";
import { testDatabase } from "../../infra/stack/testing.ts";
import { pe } from "../fixtures/programs.ts";

const never = new AbortController().signal;

function request(format: ExportFormat): ReportExportRequest {
  return {
    format,
    profile: null,
    defang: null,
    sections: null,
    of: { report: pe().id },
    known: [],
    visibility: EVERYTHING,
  };
}

/** The process itself over real servers that hold one report. */
async function start(given: Partial<Parameters<typeof testReportExports>[0]> = {}) {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await testDatabase());
  const sql = connectPostgres({ url: database.url, name: "reports test", max: 1 });
  await migrate(sql);
  await sql.end();
  const elasticsearch = stack.use(await testElasticsearch());
  const { failed } = await elasticsearch.reports.store([pe()]);
  assert.deepEqual([...failed], []);
  const exports = stack.use(
    await testReportExports({ postgres: database.url, prefix: elasticsearch.prefix, ...given }),
  );
  const owned = stack.move();
  return {
    exports,
    async bytesOf(format: ExportFormat) {
      const { body, etag } = await exports.export(request(format), never);
      return { etag, bytes: await new Response(body).text() };
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

Deno.test("a process that was started anew gives the same bytes under the same entity tags; the first ended in order", async () => {
  await using service = await start();
  const formats = ["json", "stix", "text", "html", "pdf", "csv"] as const;
  const first = await Promise.all(formats.map(service.bytesOf));
  assert.equal(await service.exports.restart(), "ended with code 0");
  await service.exports.ping();
  assert.deepEqual(await Promise.all(formats.map(service.bytesOf)), first);
});

Deno.test("renderers that are killed are replaced", async () => {
  await using service = await start();
  const before = await service.bytesOf("text");
  const killed = renderersOf(service.exports.pid());
  assert.equal(killed.length, 2);
  for (const pid of killed) Deno.kill(pid, "SIGKILL");
  assert.deepEqual(await untilMade(() => service.bytesOf("text")), before);
  assert(renderersOf(service.exports.pid()).every((pid) => !killed.includes(pid)));
});

Deno.test("a page that takes more memory than allowed is refused", async () => {
  // Less than Chromium takes for any page, and enough for the renderer.
  await using service = await start({ reports: { memory: "64MB" } });
  assert.match((await service.bytesOf("html")).bytes, /^<!DOCTYPE html>/);
  await assert.rejects(service.exports.export(request("pdf"), never), (error) => {
    assert(error instanceof ExportError);
    assert.equal(error.refusal, "too-large");
    return true;
  });
});

Deno.test("without the parts for PDF the other forms are made, and PDF says what is missing", async () => {
  await using service = await start({ parts: false });
  assert.match((await service.bytesOf("html")).bytes, /^<!DOCTYPE html>/);
  await assert.rejects(service.exports.export(request("pdf"), never), (error) => {
    assert(error instanceof ExportError);
    assert.deepEqual([error.refusal, error.retryAfter], ["unavailable", null]);
    assert.match(error.message, /Chromium or its fonts are not installed/);
    return true;
  });
});

Deno.test("without the parts for STIX the other forms are made, and STIX says what is missing", async () => {
  await using service = await start({ parts: false });
  assert.match((await service.bytesOf("csv")).bytes, /sha256,/);
  await assert.rejects(service.exports.export(request("stix"), never), (error) => {
    assert(error instanceof ExportError);
    assert.deepEqual([error.refusal, error.retryAfter], ["unavailable", null]);
    assert.match(error.message, /OASIS's schemas of STIX or MITRE's techniques are not installed/);
    return true;
  });
  assert.match(service.exports.said(), /Going on without STIX/);
});

Deno.test("a form that would be larger than allowed is refused with its size", async () => {
  await using service = await start({ reports: { maxSize: "10KB" } });
  assert.match((await service.bytesOf("csv")).bytes, /sha256,/);
  await assert.rejects(service.exports.export(request("stix"), never), (error) => {
    assert(error instanceof ExportError);
    assert.equal(error.refusal, "too-large");
    assert.match(error.message, /it would have \d{5} bytes/);
    return true;
  });
});

/** What was at work when its renderer was killed fails; what comes later doesn't. */
async function untilMade<T>(make: () => Promise<T>): Promise<T> {
  for (let tries = 1;; tries++) {
    try {
      return await make();
    } catch (error) {
      if (tries === 3 || !(error instanceof ExportError) || error.refusal !== "failed") throw error;
    }
  }
}

/** Ids of a process's renderers; a process may be started by any thread of its parent. */
function renderersOf(pid: number): number[] {
  return [...Deno.readDirSync(`/proc/${pid}/task`)].flatMap(({ name }) =>
    Deno.readTextFileSync(`/proc/${pid}/task/${name}/children`).split(" ").filter(Boolean).map(Number)
  );
}
