import type { ImportReading } from "@assay/core";
import assert from "node:assert/strict";
import { type TestApi, testApi } from "../app/testing.ts";

const none = { count: 0, first: [] };
const reading: ImportReading = {
  objects: 3,
  hashes: [{ algorithm: "sha256", value: "a".repeat(64), verdict: "bad", tlp: "amber", note: "Emotet" }],
  texts: [],
  refused: { count: 1, first: [{ where: "object 3", why: "expected an object" }] },
  notUnderstood: none,
};

const post = (api: TestApi, query: string, given: Partial<ImportReading> = {}) =>
  api.ask(`/api/v1/imports?${query}`, {
    method: "POST",
    headers: { "content-type": "application/stix+json;version=2.1" },
    body: JSON.stringify({ ...reading, ...given }),
  });

Deno.test("POST /imports imports a file once, and DELETE takes out what it brought", async () => {
  await using api = await testApi();
  const dry = await post(api, "source=cert-x&dryRun=true");
  assert.equal(dry.status, 200);
  assert.equal((await dry.json()).effect.hashes, 1);
  assert.deepEqual((await (await api.ask("/api/v1/imports")).json()).items, []);

  const made = await post(api, "source=cert-x&name=feed.json");
  const first = await made.json();
  assert.deepEqual([made.status, made.headers.get("location")], [201, `/api/v1/imports/${first.id}`]);
  assert.deepEqual([first.source, first.name, first.hashes, first.tlp, first.jobId], [
    "cert-x",
    "feed.json",
    1,
    "amber",
    null,
  ]);
  assert.deepEqual(first.refused, reading.refused);
  const again = await post(api, "source=cert-x");
  assert.deepEqual([again.status, await again.json()], [200, { isNew: false, import: first, effect: null }]);
  assert.deepEqual(await (await post(api, "source=cert-x&dryRun=true")).json(), {
    isNew: false,
    import: null,
    effect: null,
  });
  // Another source, or another way to read it, is another import.
  assert.equal((await post(api, "source=cert-y")).status, 201);
  assert.equal((await post(api, "source=cert-x&tlp=red")).status, 201);

  const known = await (await api.ask("/api/v1/hashes")).json();
  assert.equal(known.items.length, 3);
  assert.deepEqual(
    known.items.find(({ importId }: { importId: string }) => importId === first.id),
    { ...reading.hashes[0], source: "cert-x", importId: first.id },
  );
  const removed = await api.ask(`/api/v1/imports/${first.id}`, { method: "DELETE" });
  assert.deepEqual(await removed.json(), { hashes: 1, notes: 0, notesKept: 0, jobId: null });
  assert.equal((await api.ask(`/api/v1/imports/${first.id}`)).status, 404);
  assert.equal((await (await api.ask("/api/v1/hashes")).json()).items.length, 2);
  const audit = await (await api.ask("/api/v1/audit?action=import.create")).json();
  assert.equal(audit.items.length, 3);
});

Deno.test("POST /imports with `strict` refuses all where some is invalid, and names it", async () => {
  await using api = await testApi();
  const refused = await post(api, "source=cert-x&strict=true");
  const problem = await refused.json();
  assert.deepEqual([refused.status, problem.code], [400, "import-refused"]);
  assert.deepEqual(problem.errors, [{ field: "object 3", message: "expected an object" }]);
  assert.deepEqual((await (await api.ask("/api/v1/imports")).json()).items, []);
  assert.equal((await post(api, "source=cert-x&strict=true", { refused: none })).status, 201);
});

Deno.test("POST /imports refuses what is too large or asked wrongly, and keys that don't administer", async () => {
  await using api = await testApi();
  const large = await api.ask("/api/v1/imports?source=x", {
    method: "POST",
    headers: { "content-type": "text/plain" },
    body: new Uint8Array(16 * 2 ** 20 + 1),
  });
  assert.deepEqual([large.status, (await large.json()).code], [413, "body-too-large"]);
  for (const query of ["", "source=", "source=x&format=pdf", "source=x&tlp=pink", "source=x&dryRun=1"]) {
    assert.equal((await post(api, query)).status, 400, query);
  }
  const { text: key } = await api.makeKey({
    scopes: ["submit", "read", "annotate", "delete"],
    maxTlp: "red",
  });
  for (
    const [path, method] of [["", "POST"], ["", "GET"], ["/01ARZ3NDEKTSV4RRFFQ69G5FAV", "DELETE"]] as const
  ) {
    const answer = await api.ask(`/api/v1/imports${path}?source=x`, { method, key });
    assert.equal(answer.status, 403);
  }
});

Deno.test("an import finds samples by MD5 and SHA-1, writes its texts to them and judges them by a job", async () => {
  const md5 = "b".repeat(32);
  const sha1 = "c".repeat(40);
  await using api = await testApi({}, { search: true });
  const one = await api.analysed(
    "one",
    "one.exe",
    { tlp: "green" },
    api.admin,
    { digests: { sha256: "", md5 } } as never,
  );
  const two = await api.analysed(
    "two",
    "two.exe",
    { tlp: "green" },
    api.admin,
    { digests: { sha256: "", sha1 } } as never,
  );

  const made = await (await post(api, "source=cert-x", {
    hashes: [{ algorithm: "md5", value: md5, verdict: "bad", tlp: "green", note: null }],
    texts: [{ text: "It steals", tlp: "green", hashes: [sha1, "d".repeat(32)] }],
  })).json();

  assert.deepEqual([made.samples, made.notes], [2, 1]);
  const samples = await (await api.ask(`/api/v1/imports/${made.id}/samples`)).json();
  assert.deepEqual(samples.items, [one.sha256, two.sha256].sort());
  const notes = await (await api.ask(`/api/v1/samples/${two.sha256}/notes`)).json();
  assert.deepEqual(notes.items.map(({ text }: { text: string }) => text), ["It steals"]);
  const summary = await (await api.ask(`/api/v1/samples/${one.sha256}`)).json();
  assert.deepEqual(summary.known, [{ verdict: "bad", source: "cert-x", note: null }]);
  assert.equal((await api.jobs.find(made.jobId))!.kind, "import.judge");
});

Deno.test("a file is read by the reports process, and one that can't be read is refused with the reason", async () => {
  await using api = await testApi({}, { exports: true });
  const send = (body: string, query: string) =>
    api.ask(`/api/v1/imports?source=cert-x&${query}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
  const indicator = {
    type: "indicator",
    spec_version: "2.1",
    id: "indicator--11111111-0000-4000-8000-000000000000",
    created: "2026-01-01T00:00:00.000Z",
    modified: "2026-01-01T00:00:00.000Z",
    valid_from: "2026-01-01T00:00:00Z",
    pattern_type: "stix",
    pattern: `[file:hashes.'SHA-256' = '${"a".repeat(64)}']`,
  };
  const bundle = {
    type: "bundle",
    id: "bundle--22222222-0000-4000-8000-000000000000",
    objects: [indicator, 7],
  };

  const made = await (await send(JSON.stringify(bundle), "")).json();

  assert.deepEqual([made.objects, made.hashes, made.tlp, made.refused.first], [2, 1, "amber", [
    { where: "object 2", why: "expected an object" },
  ]]);
  const known = await (await api.ask("/api/v1/hashes")).json();
  assert.deepEqual(known.items.map(({ value, note }: Record<string, string>) => [value, note]), [
    ["a".repeat(64), indicator.id],
  ]);
  for (const [body, query] of [["{", ""], ['{"type":"report"}', ""], ["a,b", "format=csv"]] as const) {
    const refused = await send(body, query);
    assert.deepEqual([refused.status, (await refused.json()).code], [400, "invalid-import"], body);
  }
});
