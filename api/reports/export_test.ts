import { exportForms } from "@assay/core";
import { ExportError, type ExportRefusal } from "@assay/infra";
import assert from "node:assert/strict";
import { inflateSync } from "node:zlib";
import { foundRun } from "../../infra/elasticsearch/testing.ts";
import { type TestApi, testApi } from "../app/testing.ts";

const json = (body: unknown, key: string, method = "POST") => ({
  method,
  key,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** An analysed sample that a key cleared for green may see, with a note and a tag of each level. */
async function annotated(api: TestApi) {
  const low = (await api.makeKey({ scopes: ["read"], maxTlp: "green" })).text;
  const report = await api.analysed(
    "shared",
    "shared.exe",
    { tlp: "green", tags: ["of-submission"] },
    api.admin,
    {
      modules: [
        foundRun("strings", [
          { type: "observable", kind: "url", value: "https://evil.example/a", source: "string" },
        ]),
      ],
    },
  );
  const sample = `/api/v1/samples/${report.sha256}`;
  for (const tlp of ["green", "red"]) {
    assert.equal(
      (await api.ask(`${sample}/notes`, json({ text: `${tlp} note`, tlp }, api.admin))).status,
      201,
    );
    const tags = json({ tags: [`${tlp}-tag`], tlp }, api.admin);
    assert((await api.ask(`${sample}/tags`, tags)).ok);
  }
  return { low, report, path: `/api/v1/reports/${report.id}/export`, sample };
}

/** What a body says; of a PDF what its compressed parts say too, the attached bundle among them. */
async function readable(response: Response): Promise<string> {
  const bytes = new Uint8Array(await response.arrayBuffer());
  const text = new TextDecoder("latin1").decode(bytes);
  if (!text.startsWith("%PDF-")) return text;
  const parts = [...text.matchAll(/FlateDecode(?:(?!endobj)[^])*?>>\s*stream\r?\n/g)]
    .map(({ index, 0: { length } }) => inflateSync(bytes.subarray(index + length)));
  return [text, ...parts.map((part) => part.toString("latin1"))].join("\n");
}

Deno.test("an export has what its reader may see, and nothing that hints at the rest", async () => {
  await using api = await testApi({}, { exports: true });
  const { low, path, report } = await annotated(api);
  const tags: string[] = [];
  for (const [format, { mediaType, extension }] of Object.entries(exportForms)) {
    const ask = (key: string) => api.ask(`${path}/${format}`, { key });
    const [all, some] = [await ask(api.admin), await ask(low)];
    for (const response of [all, some]) {
      assert.equal(response.status, 200, format);
      assert.equal(response.headers.get("content-type"), mediaType);
      const disposition = `attachment; filename="report-${report.id}.${extension}"`;
      assert.equal(response.headers.get("content-disposition"), disposition);
      assert.equal(response.headers.get("cache-control"), "private, no-cache");
      tags.push(response.headers.get("etag")!);
    }
    const [full, part] = [await readable(all), await readable(some)];
    if (format !== "csv") {
      assert(full.includes("red note") && full.includes("red-tag"), format);
      assert(part.includes("green note") && part.includes("green-tag"), format);
    }
    for (const word of ["red note", "red-tag", "TLP:RED"]) assert(!part.includes(word), `${format}: ${word}`);
    assert(full.includes("TLP:RED") && part.includes("TLP:GREEN"), format);
  }
  assert.equal(new Set(tags).size, tags.length);
});

Deno.test("an export that the client has already is not made again, until something of it changes", async () => {
  await using api = await testApi({}, { exports: true });
  const { low, path, sample } = await annotated(api);
  const ask = async (etag: string, key = low) => {
    const response = await api.ask(`${path}/text`, { key, headers: { "if-none-match": etag } });
    await response.body?.cancel();
    return { status: response.status, etag: response.headers.get("etag")! };
  };
  const { etag } = await ask('"other"');
  assert.deepEqual(await ask(`W/${etag}, "other"`), { status: 304, etag });
  assert.equal((await ask(etag, api.admin)).status, 200);
  await api.ask(`${sample}/notes`, json({ text: "for red only", tlp: "red" }, api.admin));
  assert.equal((await ask(etag)).status, 304);
  await api.ask(`${sample}/notes`, json({ text: "for all", tlp: "green" }, api.admin));
  assert.equal((await ask(etag)).status, 200);
});

Deno.test("an export takes the options of its format and refuses others by name", async () => {
  await using api = await testApi({}, { exports: true });
  const { path, sample } = await annotated(api);
  const text = async (end: string) => await (await api.ask(`${path}/${end}`)).text();
  assert.match(await text("text"), /hxxps\[:\]\/\/evil\[\.\]example/);
  assert.match(await text("text?defang=false"), /https:\/\/evil\.example\/a/);
  assert.match(await text("csv?defang=true"), /hxxps/);
  const indicators = await text("text?sections=indicators,notes");
  assert.match(indicators, /1\. Indicators/);
  assert.doesNotMatch(indicators, /Method/);
  assert.notEqual(await text("stix"), await text("stix?profile=misp"));
  assert.equal(await (await api.ask(`${sample}/export/csv`)).text(), await text("csv"));
  const refusal = async (end: string) => {
    const response = await api.ask(`${path}/${end}`);
    const { code, detail, errors } = await response.json();
    return [response.status, code, errors?.[0].field ?? detail];
  };
  assert.deepEqual(await refusal("json?profile=misp"), [400, "invalid-request", "profile"]);
  assert.deepEqual(await refusal("stix?defang=true"), [400, "invalid-request", "defang"]);
  assert.deepEqual(await refusal("csv?sections=notes"), [400, "invalid-request", "sections"]);
  assert.deepEqual(await refusal("text?sections=notes,nothing"), [400, "invalid-request", "sections"]);
  assert.deepEqual(await refusal("text?defang=perhaps"), [400, "invalid-request", "defang"]);
  const [status, code, detail] = await refusal("docx");
  assert.deepEqual([status, code], [400, "unknown-format"]);
  assert.match(detail, /expected one of json, stix, text, html, pdf, csv/);
});

Deno.test("an export is in the audit trail, one that wasn't made is not", async () => {
  await using api = await testApi({}, { exports: true });
  const { path, report } = await annotated(api);
  const { headers, body } = await api.ask(`${path}/csv`);
  await body?.cancel();
  await api.ask(`${path}/csv`, { headers: { "if-none-match": headers.get("etag")! } });
  const { items } = await (await api.ask("/api/v1/audit")).json();
  const noted = items.filter(({ action }: { action: string }) => action === "report.export");
  assert.equal(noted.length, 1);
  assert.deepEqual([noted[0].target, noted[0].detail.format], [report.id, "csv"]);
});

Deno.test("while the reports process is away, exports say so and reports can still be read", async () => {
  await using api = await testApi({}, { search: true });
  const report = await api.analysed("bytes", "a.exe");
  const response = await api.ask(`/api/v1/reports/${report.id}/export/json`);
  assert.deepEqual([response.status, response.headers.get("retry-after")], [503, "5"]);
  assert.equal((await response.json()).code, "exports-away");
  assert.equal((await api.ask(`/api/v1/reports/${report.id}`)).status, 200);
});

Deno.test("every reason why there is no export has its status, code and, where waiting helps, when to come again", async () => {
  let refusal: ExportRefusal = "busy";
  const reportExports = {
    export: () =>
      Promise.reject(
        new ExportError(refusal, "Cannot make it", { retryAfter: refusal === "busy" ? 7 : null }),
      ),
  };
  await using api = await testApi({}, { replace: { reportExports } });
  const expected: Readonly<Record<ExportRefusal, string>> = {
    "not-found": "404 not-found",
    "busy": "503 exports-busy 7",
    "timeout": "504 export-timeout",
    "too-large": "500 export-too-large",
    "failed": "500 export-failed",
    "unreadable": "400 invalid-import",
    "unavailable": "501 export-unavailable",
    "away": "503 exports-away",
  };
  for (const [reason, answer] of Object.entries(expected)) {
    refusal = reason as ExportRefusal;
    const response = await api.ask("/api/v1/reports/01ARZ3NDEKTSV4RRFFQ69G5FAV/export/json");
    const { code } = await response.json();
    const after = response.headers.get("retry-after");
    assert.equal([response.status, code, ...after === null ? [] : [after]].join(" "), answer);
  }
});
