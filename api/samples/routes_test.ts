import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import assert from "node:assert/strict";
import { testApi } from "../app/testing.ts";

Deno.test("GET /samples/{sha256} sums up what the key may see", async () => {
  await using api = await testApi({}, { search: true });
  const report = await api.analysed("abc", "a.exe", { tags: ["mine"] });
  await api.ask("/api/v1/hashes", {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      hashes: [{ algorithm: "sha256", value: report.sha256, verdict: "bad", source: "x" }],
    }),
  });
  const sample = await (await api.ask(`/api/v1/samples/${report.sha256}`)).json();
  assert.deepEqual(
    [sample.size, sample.names, sample.tags, sample.fileType, sample.verdict.level, sample.reportId],
    [3, ["a.exe"], ["mine", "found"], "pe", "unknown", report.id],
  );
  assert.deepEqual(sample.known, [{ verdict: "bad", source: "x", note: null }]);
  assert.deepEqual(sample.submissions.map((one: { taskId: string }) => one.taskId), [report.id]);
});

Deno.test("GET /samples/{sha256} of a sample that waits to be analysed has no report yet", async () => {
  await using api = await testApi({}, { search: true });
  const init = { method: "POST", headers: { "content-type": "application/octet-stream" }, body: "new" };
  const { tasks } = await (await api.ask("/api/v1/submissions", init)).json();
  const sample = await (await api.ask(`/api/v1/samples/${tasks[0].sha256}`)).json();
  assert.deepEqual([sample.size, sample.reportId, sample.verdict, sample.submissions], [3, null, null, []]);
  const id = `sample:${tasks[0].sha256}`;
  const graph = await (await api.ask(`/api/v1/samples/${tasks[0].sha256}/relations`)).json();
  assert.deepEqual(graph.nodes.map((node: { id: string }) => node.id).slice(0, 1), [id]);
  const { items } = await (await api.ask(`/api/v1/samples/${tasks[0].sha256}/observables`)).json();
  assert.deepEqual(items, []);
});

Deno.test("GET /samples/{sha256}/download gives the bytes with headers that keep browsers off, and is noted", async () => {
  await using api = await testApi({}, { search: true });
  const html = "<script>alert(1)</script>";
  const { sha256 } = await api.analysed(html, 'evil".html');
  const response = await api.ask(`/api/v1/samples/${sha256}/download`);
  const header = (name: string) => response.headers.get(name);
  assert.equal(header("content-type"), "application/octet-stream");
  assert.equal(header("content-disposition"), `attachment; filename="${sha256}"`);
  assert.equal(header("x-content-type-options"), "nosniff");
  assert.match(header("content-security-policy")!, /sandbox/);
  assert.equal(header("content-length"), String(html.length));
  assert.equal(await response.text(), html);
  const head = await api.ask(`/api/v1/samples/${sha256}/download`, { method: "HEAD" });
  assert.deepEqual([head.status, head.body], [200, null]);
  const audit = await (await api.ask("/api/v1/audit?action=sample.download")).json();
  assert.deepEqual(audit.items.map((entry: { target: string }) => entry.target), [sha256, sha256]);
});

Deno.test("samples come in zips with a password, one or many", async () => {
  await using api = await testApi({}, { search: true });
  const a = await api.analysed("aaa", "a");
  const b = await api.analysed("bbb", "b");
  const read = async (path: string, password: string) => {
    const response = await api.ask(`/api/v1/samples/${path}`);
    assert.deepEqual([response.status, response.headers.get("content-type")], [200, "application/zip"]);
    const reader = new ZipReader(new Uint8ArrayReader(new Uint8Array(await response.arrayBuffer())), {
      useWebWorkers: false,
    });
    const members: [string, string][] = [];
    for (const entry of await reader.getEntries()) {
      assert(!entry.directory && entry.encrypted);
      members.push([
        entry.filename,
        new TextDecoder().decode(await entry.getData(new Uint8ArrayWriter(), { password })),
      ]);
    }
    await reader.close();
    return members;
  };
  assert.deepEqual(await read(`${a.sha256}/download?format=zip`, "infected"), [[a.sha256, "aaa"]]);
  assert.deepEqual(await read(`${a.sha256}/download?format=zip&password=x&encryption=aes`, "x"), [[
    a.sha256,
    "aaa",
  ]]);
  const many = `download.zip?sha256=${b.sha256}&sha256=${a.sha256}&sha256=${b.sha256}`;
  assert.deepEqual(await read(many, "infected"), [[b.sha256, "bbb"], [a.sha256, "aaa"]]);
});

Deno.test("GET /reports/{id} answers 304 to a client that has that revision", async () => {
  await using api = await testApi({}, { search: true });
  const report = await api.analysed("abc", "a.exe");
  const first = await api.ask(`/api/v1/reports/${report.id}`);
  assert.deepEqual(await first.json(), report);
  const etag = first.headers.get("etag")!;
  const again = await api.ask(`/api/v1/reports/${report.id}`, { headers: { "if-none-match": etag } });
  assert.deepEqual([again.status, again.headers.get("etag")], [304, etag]);
});
