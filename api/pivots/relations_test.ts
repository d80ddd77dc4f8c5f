import type { Observation, Report } from "@assay/core";
import assert from "node:assert/strict";
import { foundRun } from "../../infra/elasticsearch/testing.ts";
import { type TestApi, testApi } from "../app/testing.ts";

type Values = readonly (readonly ["domain" | "url" | "mutex", string])[];

const mentions = (values: Values, imports: readonly string[] = []): Partial<Report> => ({
  modules: [foundRun("strings", [
    ...values.map(([kind, value]): Observation => ({ type: "observable", kind, value })),
    ...imports.map((value): Observation => ({ type: "property", field: "pe.import", value })),
    { type: "property", field: "pe.signed", value: true },
  ])],
});

/** Three samples: two share a URL that no quoting may break, all share a domain, one has a mutex of its own. */
async function world() {
  const api = await testApi({}, { search: true });
  const url = 'http://evil.example/?q="a" OR *&p=\\';
  const put = (name: string, values: Values, imports?: readonly string[]) =>
    api.analysed(name, name, {}, api.admin, mentions(values, imports));
  const one = await put("one", [["url", url], ["domain", "all.example"], ["mutex", "Own"]], ["k!a", "k!b"]);
  const two = await put("two", [["url", url.toUpperCase()], ["domain", "all.example"]], ["k!a"]);
  // Words of a value are not the value.
  const three = await put("three", [["domain", "all.example"], ["url", `${url}/more`]], ["k!a!b"]);
  return { api, one, two, three, url, [Symbol.asyncDispose]: () => api[Symbol.asyncDispose]() };
}

async function get(api: TestApi, path: string) {
  const response = await api.ask(`/api/v1/${path}`);
  assert.equal(response.status, 200, await response.clone().text());
  return await response.json();
}

Deno.test("GET /samples/{sha256}/observables counts what a search for its query finds, rarest first, page by page", async () => {
  await using given = await world();
  const { api, one } = given;
  const all = await get(api, `samples/${one.sha256}/observables?size=100`);
  const counts = all.items.map((item: { field: string; value: unknown; samples: number }) => [
    item.field,
    item.value,
    item.samples,
  ]);
  assert.deepEqual(counts.slice(0, 4), [
    ["mutex", "Own", 0],
    ["pe.import", "k!b", 0],
    ["pe.import", "k!a", 1],
    ["url", given.url, 1],
  ]);
  assert.deepEqual(counts.filter(([field]: string[]) => field === "domain"), [["domain", "all.example", 2]]);
  assert.deepEqual(counts.map(([, , n]: number[]) => n), counts.map(([, , n]: number[]) => n).toSorted());
  for (const { query, samples, field } of all.items) {
    const found = await get(api, `search?q=${encodeURIComponent(query)}`);
    assert.equal(found.total.value, samples + 1, `${field} ${query}`);
  }
  const paged: unknown[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page: { items: unknown[]; cursor: string | null } = await get(
      api,
      `samples/${one.sha256}/observables?size=3${cursor && `&cursor=${cursor}`}`,
    );
    paged.push(...page.items);
    cursor = page.cursor;
  }
  assert.deepEqual(paged, all.items);
  const some = await get(api, `samples/${one.sha256}/observables?fields=domain,mutex&least=1`);
  assert.deepEqual(some.items.map((item: { value: string }) => item.value), ["all.example"]);
});

Deno.test("GET /samples/{sha256}/relations is a graph of what a sample came with and shares, a page of each kind", async () => {
  await using given = await world();
  const { api, one, two } = given;
  const graph = await get(api, `samples/${one.sha256}/relations`);
  const ids = new Set(graph.nodes.map(({ id }: { id: string }) => id));
  for (const { from, to } of graph.edges) assert(ids.has(from) && ids.has(to), `${from} ${to}`);
  const node = (id: string) => graph.nodes.find((one: { id: string }) => one.id === id);
  assert.deepEqual([node(`sample:${one.sha256}`).label, node(`sample:${one.sha256}`).verdict], [
    "one",
    "unknown",
  ]);
  assert.deepEqual([node("domain:all.example").samples, node("domain:all.example").common], [2, false]);
  assert.deepEqual(node("mutex:Own").samples, 0);
  assert.equal(node(`submission:${one.submissionId}`).samples, 0);
  const again = await get(api, `search?q=${encodeURIComponent(node(`url:${given.url}`).query)}`);
  assert.deepEqual(
    again.items.map(({ sha256 }: { sha256: string }) => sha256).sort(),
    [one.sha256, two.sha256].sort(),
  );

  const body = new FormData();
  for (const name of ["x", "y", "z"]) body.append("file", new File([name], name));
  const made = await (await api.ask("/api/v1/submissions", { method: "POST", body })).json();
  const [x, ...others] = made.tasks.map(({ sha256 }: { sha256: string }) => sha256);
  const siblings: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page = await get(
      api,
      `samples/${x}/relations?kinds=sibling&size=1${cursor && `&cursor=${cursor}`}`,
    );
    siblings.push(...page.edges.map(({ to }: { to: string }) => to));
    cursor = page.kinds[0].cursor;
  }
  assert.deepEqual(siblings, others.map((sha256: string) => `sample:${sha256}`).sort());
  const wrong = await api.ask(`/api/v1/samples/${x}/relations?cursor=abc`);
  assert.equal(wrong.status, 400);
  await wrong.body?.cancel();
});

Deno.test("GET /samples/{sha256}/relations puts what others have too first and goes on by the cursor of a kind", async () => {
  await using given = await world();
  const { api, one } = given;
  const values: Values = [["domain", "nobody-1.example"], ["domain", "all.example"], [
    "domain",
    "nobody-2.example",
  ]];
  const four = await api.analysed("four", "four", {}, api.admin, mentions(values));
  const labels: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page = await get(
      api,
      `samples/${four.sha256}/relations?kinds=domain&size=1${cursor && `&cursor=${cursor}`}`,
    );
    labels.push(...page.nodes.slice(1).map(({ label }: { label: string }) => label));
    assert.equal(page.kinds[0].total, 3);
    cursor = page.kinds[0].cursor;
  }
  assert.deepEqual(labels, ["all.example", "nobody-1.example", "nobody-2.example"]);
  const compared = await get(api, `reports/${one.id}/compare/${four.id}`);
  assert.deepEqual(compared.fields.find((f: { field: string }) => f.field === "domain"), {
    field: "domain",
    onlyA: [],
    onlyB: ["nobody-1.example", "nobody-2.example"],
    counts: { onlyA: 0, onlyB: 2, both: 1 },
  });
});
