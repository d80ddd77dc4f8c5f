import { connectElasticsearch } from "@assay/infra";
import assert from "node:assert/strict";
import { digestOf, factsOf, makeReport, testElasticsearch } from "../../infra/elasticsearch/testing.ts";
import { testStack } from "../../infra/stack/testing.ts";
import { startProxy } from "../app/proxy.ts";
import { type TestApi, testApi } from "../app/testing.ts";

const path = "/api/v1/search/export";

async function textOf(api: TestApi, query: string): Promise<string> {
  const response = await api.ask(`${path}?${query}`);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return text;
}

async function refusal(api: TestApi, query: string): Promise<[number, string]> {
  const response = await api.ask(`${path}?${query}`);
  const { code } = await response.json();
  return [response.status, code];
}

/** An API on indices of so many samples, which reaches Elasticsearch there. */
async function worldOf(count: number, url: string) {
  await using stack = new AsyncDisposableStack();
  const stores = stack.use(await testElasticsearch());
  const reports = Array.from({ length: count }, (_, index) => makeReport({ sha256: digestOf(`${index}`) }));
  await stores.reports.store(reports);
  await stores.projector.project(reports.map((report) => ({ facts: factsOf([report]), report })));
  const through = stack.adopt(connectElasticsearch({ url, prefix: stores.prefix }), (one) => one.close());
  const api = stack.use(
    await testApi({ maxExports: { perKey: 1, all: 1 } }, { replace: { search: through.search } }),
  );
  const openPoints = async () => {
    await through.settle();
    const stats = await stores.client.indices.stats({ index: `${stores.prefix}-*`, metric: "search" });
    return stats._all.total!.search!.open_contexts!;
  };
  const owned = stack.move();
  return { api, openPoints, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

Deno.test("an export lists hits as NDJSON, CSV and hashes, with the columns asked for", async () => {
  await using api = await testApi({}, { search: true });
  const formula = await api.analysed("one", '=cmd|"calc"', { tags: ["a", "b"], tlp: "clear" });
  const plain = await api.analysed("two", "two.exe", { tlp: "clear" });
  const lines = (await textOf(api, "sort=-name")).trim().split("\n").map((line) => JSON.parse(line));
  const usual = ["sha256", "name", "size", "fileType", "mime", "verdict", "score", "tag", "seen", "reportId"];
  assert.deepEqual(lines.map((line) => Object.keys(line)), [usual, usual]);
  assert.deepEqual(lines.map((line) => [line.name, line.reportId, line.tag]), [
    ["two.exe", plain.id, ["found"]],
    ['=cmd|"calc"', formula.id, ["found", "a", "b"]],
  ]);
  assert.equal(
    await textOf(api, "format=csv&fields=name,tag,score,tlp&sort=name"),
    'name,tag,score,tlp\r\n"\'=cmd|""calc""",found; a; b,0,clear\r\ntwo.exe,found,0,clear\r\n',
  );
  assert.equal(await textOf(api, "format=hashes&sort=name"), `${formula.sha256}\n${plain.sha256}\n`);
  assert.equal(await textOf(api, "format=hashes&fields=sha256&q=name:two.exe"), `${plain.sha256}\n`);
  assert.equal(await textOf(api, "format=csv&fields=name&q=name:absent"), "name\r\n");
  assert.equal((await textOf(api, "limit=1")).trim().split("\n").length, 1);
  const response = await api.ask(`${path}?format=csv&limit=1`);
  await response.text();
  assert.match(response.headers.get("content-type")!, /^text\/csv/);
  assert.match(response.headers.get("content-disposition")!, /attachment; filename="search\.csv"/);
  assert.equal(response.headers.get("x-total-count"), "2");
});

Deno.test("an export ends where there are no hits, and where the last portion is full", async () => {
  await using world = await worldOf(2000, testStack().elasticsearch);
  for (const format of ["ndjson", "csv", "hashes"]) {
    const head = format === "csv" ? 1 : 0;
    const linesOf = async (query: string) =>
      (await textOf(world.api, `format=${format}&${query}`)).split("\n").length - 1;
    assert.equal(await linesOf("q=name:absent"), head);
    assert.equal(await linesOf(""), head + 2000);
    assert.equal(await linesOf("limit=1000"), head + 1000);
  }
});

Deno.test("an export of hashes names a sample of several reports once", async () => {
  await using api = await testApi({}, { search: true });
  const first = await api.analysed("one", "one.exe");
  await api.analysed("two", "two.exe");
  await api.analysed("one", "again.exe", { rescan: "all" });
  const hashes = (await textOf(api, "format=hashes&scope=reports")).trim().split("\n");
  assert.deepEqual([hashes.length, hashes.filter((one) => one === first.sha256).length], [2, 1]);
});

Deno.test("an export is noted in the audit trail, and refused before it begins where it can't be made", async () => {
  await using api = await testApi({}, { search: true });
  await api.analysed("one", "one.exe");
  await textOf(api, "q=name:one.exe&format=hashes");
  const { items } = await (await api.ask("/api/v1/audit")).json();
  const noted = items.find((item: { action: string }) => item.action === "search.export");
  const { q, format, total, columns } = noted.detail;
  assert.deepEqual([q, format, total, columns], ["name:one.exe", "hashes", 1, ["sha256"]]);
  assert.deepEqual(await refusal(api, "q=nmae:x"), [400, "invalid-query"]);
  assert.deepEqual(await refusal(api, "fields=name,nothing"), [400, "invalid-column"]);
  assert.deepEqual(await refusal(api, "format=hashes&fields=name"), [400, "invalid-column"]);
  assert.deepEqual(await refusal(api, "sort=string"), [400, "invalid-sort"]);
  assert.deepEqual(await refusal(api, "format=xml"), [400, "invalid-request"]);
  assert.deepEqual(await refusal(api, "limit=0"), [400, "invalid-request"]);
});

Deno.test("an export whose Elasticsearch goes away in mid-stream ends with a line that says so, and breaks off", async () => {
  for (const format of ["ndjson", "csv", "hashes"]) {
    const proxy = startProxy(Number(new URL(testStack().elasticsearch).port));
    await using world = await worldOf(2500, `http://127.0.0.1:${proxy.port}`);
    const response = await world.api.ask(`${path}?format=${format}`);
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    const text = (await reader.read()).value!;
    await proxy.stop();
    let rest = "";
    await assert.rejects(async () => {
      for (let next = await reader.read(); !next.done; next = await reader.read()) rest += next.value;
    }, format);
    assert.ok(text.split("\n").length > 900);
    const last = rest.trimEnd().split("\n").at(-1)!;
    if (format === "ndjson") assert.equal(JSON.parse(last).error.code, "store-away");
    else assert.match(last, /^"?!error store-away/);
  }
});

Deno.test("an export stops when its client goes away, lets go of what it held, and leaves room for the next", async () => {
  await using world = await worldOf(2500, testStack().elasticsearch);
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => world.api.app.fetch(request),
  );
  const ask = (signal: AbortSignal) =>
    fetch(`http://127.0.0.1:${server.addr.port}${path}`, {
      headers: { authorization: `Bearer ${world.api.admin}` },
      signal,
    });
  const client = new AbortController();
  const response = await ask(client.signal);
  const reader = response.body!.getReader();
  await reader.read();
  const second = await world.api.ask(path);
  assert.deepEqual([second.status, (await second.json()).code], [429, "too-many-exports"]);
  client.abort();
  await assert.rejects(async () => {
    while (!(await reader.read()).done);
  });
  let next = await world.api.ask(path);
  for (let tries = 0; next.status === 429 && tries < 1000; tries++) {
    await next.body?.cancel();
    next = await world.api.ask(path);
  }
  assert.equal(next.status, 200);
  assert.equal((await next.text()).trim().split("\n").length, 2500);
  assert.equal(await world.openPoints(), 0);
});
