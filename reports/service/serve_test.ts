import { EVERYTHING, isWithin, type Note, type Report, type SampleTag, type Visibility } from "@assay/core";
import {
  connectReportExports,
  ExportError,
  type ReportExportRequest,
  type ReportExports,
  SearchUnavailableError,
} from "@assay/infra";
import assert from "node:assert/strict";
import { office } from "../fixtures/documents.ts";
import { note as aNote, organisation } from "../fixtures/reports.ts";
import type { RendererPool } from "../pool/pool.ts";
import { faultyPool } from "../pool/testing.ts";
import { createExporter, type ExporterOptions } from "./exporter.ts";
import { createGate } from "./gate.ts";
import { createImporter } from "./importer.ts";
import type { Sources } from "./read.ts";
import { createHandler } from "./serve.ts";

const SECRET = "a secret";
const never = new AbortController().signal;
const report: Report = { ...office(), name: "echoed", tlp: "green" };
const note: Note = { ...aNote, sha256: report.sha256, tlp: "red" };
const tag: SampleTag = {
  tag: "apt-99",
  tlp: "amber",
  owner: note.owner,
  author: "alice",
  added: note.created,
};

/** What a reader sees of one report with a note and a tag, as repositories do it. */
function sourcesOf(one: Report): Sources {
  const sees = ({ maxTlp }: Visibility, { tlp }: { tlp: Report["tlp"] }) => isWithin(tlp, maxTlp);
  return {
    reports: {
      find: (id, visibility) => Promise.resolve(id === one.id && sees(visibility, one) ? one : null),
      latest: (_, visibility) => Promise.resolve(new Map(sees(visibility, one) ? [[one.sha256, one]] : [])),
    },
    notes: {
      list: (_sha256, _page, visibility) =>
        Promise.resolve({ items: [note].filter((one) => sees(visibility, one)), cursor: null }),
      lastChange: () => Promise.resolve(null),
    },
    tags: {
      list: (_, visibility) => Promise.resolve([tag].filter((one) => sees(visibility, one))),
      history: () => Promise.resolve({ items: [], cursor: null }),
    },
  };
}

/** The handler on a real port, over a pool of faulty renderers, and a client of it. */
function serve(pool: RendererPool, given: Partial<ExporterOptions> = {}) {
  const exporter = createExporter({
    sources: sourcesOf(report),
    pool,
    gate: createGate(2, 1),
    organisation,
    rules: { matched: () => [] },
    sections: [],
    software: "1",
    finishers: {},
    ...given,
  });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    createHandler(exporter, createImporter({ pool, gate: createGate(2, 1), now: () => new Date() }), SECRET),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  return {
    url,
    client: connectReportExports({ url, secret: SECRET }),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function request(given: Partial<ReportExportRequest> = {}): ReportExportRequest {
  return {
    format: "text",
    profile: null,
    defang: null,
    sections: null,
    of: { report: report.id },
    known: [],
    visibility: EVERYTHING,
    ...given,
  };
}

async function textOf(exports: ReportExports, given: Partial<ReportExportRequest> = {}): Promise<string> {
  return await new Response((await exports.export(request(given), never)).body).text();
}

const refusal = (wanted: string) => (error: unknown) => {
  assert(error instanceof ExportError, String(error));
  assert.equal(error.refusal, wanted);
  return true;
};

Deno.test("the reports process answers an export, and that the asker has it already", async () => {
  await using pool = faultyPool();
  await using service = serve(pool);
  const { client } = service;
  await pool.opened;
  await client.ping();
  const first = await client.export(request(), never);
  assert.equal(await new Response(first.body).text(), "echoed");
  assert.deepEqual([first.report, first.size], [report.id, 6]);
  const again = await client.export(request({ known: [first.etag] }), never);
  assert.deepEqual([again.body, again.etag, again.report], [null, first.etag, report.id]);
  assert.equal(await textOf(client, { of: { sample: report.sha256 } }), "echoed");
});

Deno.test("what nobody made and what the reader may not see are refused by the same words", async () => {
  await using pool = faultyPool();
  await using service = serve(pool);
  const messages: string[] = [];
  for (
    const given of [{ of: { report: note.id as string as typeof report.id } }, {
      visibility: { reader: null, maxTlp: "clear" as const },
    }]
  ) {
    await assert.rejects(service.client.export(request(given), never), (error) => {
      messages.push(String(error));
      return refusal("not-found")(error);
    });
  }
  assert.equal(messages[0], messages[1]);
});

Deno.test("an entity tag moves with what the reader may see, the form, its options, the organisation and the software", async () => {
  await using pool = faultyPool();
  await using service = serve(pool);
  const tagOf = async (given: Partial<ReportExportRequest>, of = service.client) => {
    const { etag, body } = await of.export(request(given), never);
    await body?.cancel();
    return etag;
  };
  const see = (maxTlp: Report["tlp"]) => ({ visibility: { reader: null, maxTlp } });
  await using other = serve(pool, { software: "2" });
  await using renamed = serve(pool, { organisation: { ...organisation, name: "Other" } });
  const tags = [
    await tagOf({}),
    await tagOf(see("amber")),
    await tagOf(see("green")),
    await tagOf({ format: "csv" }),
    await tagOf({ defang: false }),
    await tagOf({ sections: ["notes"] }),
    await tagOf({}, other.client),
    await tagOf({}, renamed.client),
  ];
  assert.equal(new Set(tags).size, tags.length, tags.join());
  assert.equal(await tagOf({ sections: ["notes", "gaps"] }), await tagOf({ sections: ["gaps", "notes"] }));
  // Who reads makes no difference where he sees nothing that is his alone.
  assert.equal(await tagOf({ visibility: { reader: note.owner, maxTlp: "red" } }), await tagOf({}));
});

/** Sources whose reports have these names, one after the other, and the moment when the first was read. */
function named(...names: string[]): { readonly sources: Sources; readonly entered: Promise<void> } {
  const { promise: entered, resolve } = Promise.withResolvers<void>();
  const sources = sourcesOf(report);
  const find = () => {
    resolve();
    return Promise.resolve({ ...report, name: names.shift()! });
  };
  return { sources: { ...sources, reports: { ...sources.reports, find } }, entered };
}

Deno.test("too many exports at a time are refused with when to come again", async () => {
  await using pool = faultyPool();
  const { sources, entered } = named("spin");
  await using service = serve(pool, { sources, gate: createGate(1, 0) });
  const atWork = new AbortController();
  const left = assert.rejects(service.client.export(request(), atWork.signal), /done waiting/);
  await entered;
  await assert.rejects(service.client.export(request(), never), (error) => {
    assert.equal((error as ExportError).retryAfter, 5);
    return refusal("busy")(error);
  });
  atWork.abort(new Error("done waiting"));
  await left;
});

Deno.test("a client that goes away frees its renderer for the next", async () => {
  await using pool = faultyPool();
  await pool.opened;
  const { sources, entered } = named("spin", "next");
  await using service = serve(pool, { sources });
  const gone = new AbortController();
  const left = assert.rejects(service.client.export(request(), gone.signal), /gone/);
  await entered;
  const second = textOf(service.client);
  gone.abort(new Error("gone"));
  await left;
  assert.equal(await second, "next");
});

Deno.test("while a store is away exports say which, and when to come again", async () => {
  await using pool = faultyPool();
  const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
  for (
    const [cause, store] of [[new SearchUnavailableError("away"), /Elasticsearch/], [
      refused,
      /PostgreSQL/,
    ]] as const
  ) {
    const sources = {
      ...sourcesOf(report),
      notes: { ...sourcesOf(report).notes, list: () => Promise.reject(cause) },
    };
    await using service = serve(pool, { sources });
    await assert.rejects(service.client.export(request(), never), (error) => {
      assert.match(String(error), store);
      assert.equal((error as ExportError).retryAfter, 5);
      return refusal("away")(error);
    });
  }
});

Deno.test("what was wrong with a form is for the log, not for the asker", async () => {
  await using pool = faultyPool();
  await using service = serve(pool, { sources: named("wrong").sources });
  await assert.rejects(service.client.export(request(), never), (error) => {
    assert.equal((error as Error).message, "Cannot make the export");
    return refusal("failed")(error);
  });
});

Deno.test("a form that a program finishes is given as the program made it", async () => {
  await using pool = faultyPool();
  const finishers: ExporterOptions["finishers"] = {
    text: (rendered) => Promise.resolve(new TextEncoder().encode(`<${new TextDecoder().decode(rendered)}>`)),
  };
  await using service = serve(pool, { finishers });
  assert.equal(await textOf(service.client), "<echoed>");
});

Deno.test("nobody is answered without the secret, and no request that isn't one", async () => {
  await using pool = faultyPool();
  await pool.opened;
  await using service = serve(pool);
  const ask = async (path: string, init: RequestInit = {}, secret = SECRET) => {
    const response = await fetch(service.url + path, {
      ...init,
      headers: { authorization: `Bearer ${secret}` },
    });
    await response.body?.cancel();
    return response.status;
  };
  const post = (body: string) => ({ method: "POST", body });
  assert.equal(await ask("/v1/export", post(JSON.stringify(request())), "another"), 401);
  assert.equal(await ask("/v1/ready", {}, "another"), 401);
  assert.equal(await ask("/v1/ready"), 204);
  assert.equal(await ask("/v1/export"), 404);
  assert.equal(await ask("/v1/nothing"), 404);
  assert.equal(await ask("/v1/export", post("{")), 400);
  assert.equal(await ask("/v1/export", post(JSON.stringify({ ...request(), more: 1 }))), 400);
  assert.equal(await ask("/v1/export", post(" ".repeat(100_000))), 400);
});

Deno.test("a reports process that isn't there is away, for now", async () => {
  const nobody = connectReportExports({ url: "http://127.0.0.1:1", secret: SECRET });
  await assert.rejects(nobody.export(request(), never), (error) => {
    assert.equal((error as ExportError).retryAfter, 5);
    return refusal("away")(error);
  });
  await assert.rejects(nobody.ping(), refusal("away"));
});
