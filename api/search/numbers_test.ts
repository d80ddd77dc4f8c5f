import { connectElasticsearch } from "@assay/infra";
import assert from "node:assert/strict";
import { type TestApi, testApi } from "../app/testing.ts";

const body = (value: unknown) => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(value),
});

async function answer(api: TestApi, path: string, init: RequestInit = {}) {
  const response = await api.ask(`/api/v1/search/${path}`, init);
  return { status: response.status, ...await response.json() };
}

Deno.test("facets, histogram and statistics answer alike by GET and by POST", async () => {
  await using api = await testApi({}, { search: true });
  await api.analysed("some bytes", "some.exe", { tags: ["a:b"] });
  const asked = {
    q: "name:some.exe",
    scope: "reports",
    field: "size",
    interval: "100",
    fields: "tag,name",
    size: "5",
  };
  const ask = async (
    route: string,
    names: readonly (keyof typeof asked)[],
    more: Record<string, unknown> = {},
  ) => {
    const some = Object.fromEntries(names.map((name) => [name, asked[name]]));
    const got = await answer(api, `${route}?${new URLSearchParams(some)}`);
    assert.deepEqual(await answer(api, route, body({ ...some, ...more })), got);
    assert.equal(got.status, 200, route);
    return got;
  };
  const facets = await ask("facets", ["q", "scope", "fields", "size"], { fields: ["tag", "name"], size: 5 });
  assert.deepEqual(facets.items[0].values.map(({ include }: { include: string }) => include), [
    'tag:"a:b"',
    "tag:found",
  ]);
  assert.equal((await ask("histogram", ["q", "scope", "field", "interval"])).buckets.length, 1);
  assert.equal((await ask("statistics", ["q", "scope", "field"])).range.min, 10);
  const usual = await answer(api, "facets");
  assert.deepEqual(usual.items.map(({ field }: { field: string }) => field), [
    "fileType",
    "verdict",
    "family",
    "tag",
    "yara.rule",
    "attack",
    "tlp",
    "submitter",
  ]);
});

Deno.test("numbers refuse what cannot be counted, each by its code", async () => {
  await using api = await testApi({}, { search: true });
  await api.analysed("some bytes", "some.exe");
  const refused: readonly (readonly [string, string, RegExp])[] = [
    ["facets?fields=md5", "invalid-field", /'facet'/],
    ["facets?fields=fileTyp", "invalid-field", /did you mean 'fileType'/],
    ["facets?fields=", "invalid-request", /fields/],
    [`facets?fields=${Array.from({ length: 21 }, (_, i) => `f${i}`).join()}`, "invalid-request", /fields/],
    ["facets?size=0", "invalid-request", /size/],
    ["facets?q=(", "invalid-query", /Cannot parse query/],
    ["histogram?field=fileType", "invalid-field", /a date or a number/],
    ["histogram?field=seen&interval=1s&from=2000&to=2001", "invalid-interval", /500 buckets/],
    ["histogram?field=seen&from=soon", "invalid-interval", /'from'/],
    ["histogram?field=seen&buckets=501", "invalid-request", /buckets/],
    ["histogram", "invalid-request", /field/],
    ["statistics?field=nothing.here", "invalid-field", /name of a field/],
  ];
  for (const [path, code, detail] of refused) {
    const problem = await answer(api, path);
    assert.deepEqual([problem.status, problem.code], [400, code], path);
    assert.match(problem.detail, detail);
  }
});

Deno.test("numbers say that Elasticsearch is away, or too slow", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${listener.addr.port}`;
  const away = connectElasticsearch({ url });
  await using api = await testApi({ answerWithin: 300 }, { replace: { numbers: away.numbers } });
  const paths = [
    "facets",
    "histogram?field=seen",
    "statistics?field=seen",
    "significant",
    "suggestions?field=tag",
    "suggestions?text=tag:a",
  ];
  // It takes connections and never answers.
  for (const path of paths) {
    const problem = await answer(api, path);
    assert.deepEqual([problem.status, problem.code], [504, "timeout"], path);
  }
  listener.close();
  for (const path of paths) {
    const problem = await answer(api, path);
    assert.deepEqual([problem.status, problem.code], [503, "store-away"], path);
  }
  await away.close();
});
