import { createHash } from "node:crypto";
import assert from "node:assert/strict";
import { type TestApi, testApi } from "../app/testing.ts";

async function ask(api: TestApi, body: Record<string, unknown>, key?: string) {
  const response = await api.ask("/api/v1/search", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
    ...(key === undefined ? {} : { key }),
  });
  return { status: response.status, ...await response.json() };
}

Deno.test("GET and POST /search answer alike", async () => {
  await using api = await testApi({}, { search: true });
  const report = await api.analysed("alpha bytes", "alpha.exe", { tags: ["first"] });
  await api.analysed("beta bytes", "beta.exe");
  const body = { q: "name:alpha.exe", scope: "reports", sort: "-name", size: 5, show: "hits" };
  const byBody = await ask(api, body);
  const byAddress = await api.ask(
    `/api/v1/search?${new URLSearchParams(
      Object.entries(body).map(([name, value]) => [name, String(value)]),
    )}`,
  );
  assert.deepEqual(byBody, { status: byAddress.status, ...await byAddress.json() });
  assert.deepEqual(byBody.items.map((hit: { reportId: string }) => hit.reportId), [report.id]);
  assert.deepEqual(byBody.total, { value: 1, exact: true });
  assert.equal("ids" in byBody, false);
  const ids = await ask(api, { ...body, show: "ids" });
  assert.deepEqual([ids.ids, ids.items], [[report.id], []]);
  const count = await ask(api, { scope: "samples", show: "count" });
  assert.deepEqual([count.total, count.items, count.cursor], [{ value: 2, exact: true }, [], null]);
});

Deno.test("POST /search finds every known one of ten thousand pasted hashes", async () => {
  await using api = await testApi({}, { search: true });
  const known = [await api.analysed("one", "one.exe"), await api.analysed("two", "two.exe")];
  const hashes = Array.from(
    { length: 10_000 - known.length },
    (_, index) => createHash("sha256").update(`absent ${index}`).digest("hex"),
  );
  for (const [between, place] of [["\r\n", 0], [", ", 5000], [" ", 9998]] as const) {
    const list = hashes.toSpliced(place, 0, ...known.map((report) => report.sha256.toUpperCase()));
    const found = await ask(api, { q: list.join(between), sort: "name" });
    assert.deepEqual(found.items.map((hit: { name: string }) => hit.name), ["one.exe", "two.exe"]);
  }
  const tooMany = await ask(api, { q: [...hashes, ...hashes.slice(0, 3)].join("\n") });
  assert.deepEqual([tooMany.status, tooMany.code, tooMany.expected], [
    400,
    "invalid-query",
    "at most 10000 hashes",
  ]);
});

Deno.test("a cursor is good for the key, query, scope and order that it was made for, until its last page was read", async () => {
  await using api = await testApi({}, { search: true });
  for (const name of ["a", "b", "c", "d", "e"]) await api.analysed(`bytes ${name}`, name, { tlp: "clear" });
  const body = { q: "size:>0", sort: "name", size: 2 };
  const first = await ask(api, body);
  const other = await api.makeKey({ maxTlp: "red" });
  for (
    const [change, key] of [[{}, other.text], [{ q: "size:>1" }], [{ sort: "-name" }], [{
      scope: "reports",
    }]] as const
  ) {
    const refused = await ask(api, { ...body, cursor: first.cursor, ...change }, key);
    assert.deepEqual([refused.status, refused.code], [400, "invalid-cursor"]);
  }
  const second = await ask(api, { ...body, cursor: first.cursor });
  const third = await ask(api, { ...body, cursor: second.cursor });
  const names = [first, second, third].flatMap((page) => page.items.map((hit: { name: string }) => hit.name));
  assert.deepEqual([names, third.cursor], [["a", "b", "c", "d", "e"], null]);
  // The point in time is let go of after the answer; until then the cursor still reads it.
  let again = await ask(api, { ...body, cursor: first.cursor });
  for (let tries = 0; again.status === 200 && tries < 500; tries++) {
    again = await ask(api, { ...body, cursor: first.cursor });
  }
  assert.deepEqual([again.status, again.code], [410, "cursor-expired"]);
  assert.match(again.remedy, /Start again/);
});

Deno.test("a query that can't be read is refused with its place, what was expected, and a hint", async () => {
  await using api = await testApi({}, { search: true });
  const wrong = await ask(api, { q: "tag:x nmae:y" });
  assert.deepEqual([wrong.status, wrong.code], [400, "invalid-query"]);
  const { position, end, expected, hint } = wrong;
  assert.deepEqual({ position, end, expected, hint }, {
    position: 6,
    end: 10,
    expected: "the name of a field",
    hint: "did you mean 'name'?",
  });
  const unread = await ask(api, { q: "size:1 OR name:/a(/", mode: "advanced" });
  assert.deepEqual([unread.code, unread.position], ["invalid-query", 10]);
});

const hostile: Readonly<Record<string, string>> = {
  "10 kB of one word": "a".repeat(10_240),
  "10 kB of words": "word ".repeat(2048),
  "10 kB of ideographs": "漢".repeat(10_240),
  "10 kB of parentheses": "(".repeat(10_240),
  "10 kB of quotes": '"'.repeat(10_240),
  "10 kB of NOT": "NOT ".repeat(2560),
  "deep nesting": "(".repeat(20) + "size:>1" + ")".repeat(20),
  "nested ors and nots": "NOT (size:1 OR NOT (".repeat(9) + "tag:a" + "))".repeat(9),
  "wildcards": "*?*?*",
  "wildcards in a field": "name:*?*?*",
  "wildcards beside letters": "name:?a?b?c?d?e?f?g?",
  "many wildcards": Array.from({ length: 16 }, (_, index) => `name:*abc${index}*`).join(" OR "),
  "starts of words": Array.from({ length: 16 }, (_, index) => `a${index}*`).join(" OR "),
  "a huge range":
    "size:[-9007199254740991 TO 9007199254740991] score:[-99999999999999999999 TO 99999999999999999999]",
  "a huge span": "seen:[1000 TO 9999] pe.timestamp:>=now-99999y",
  "all addresses": "ip:0.0.0.0/0 OR ip:[:: TO ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]",
  "10,000 ORs": "a OR ".repeat(10_000) + "a",
  "a thousand ORs": "tag:a OR ".repeat(999) + "tag:a",
  "a thousand ranges": "size:>1 ".repeat(1000),
  "a hundred words": "word ".repeat(100),
  "a phrase of a hundred words": `"${"word ".repeat(100)}"`,
  "an exponential expression": "name:/(a|a)*(a|aa)*(a|aaa)*b{1,99}/",
  "an expression of any string": "url:/.*.*.*.*.*.*.*.*.*.*x/",
  "a deep expression": `name:/${"(".repeat(120)}a${")".repeat(120)}/`,
  "controls": "\0\u0001\u2028\ufeff\ud800 name:\0",
};

Deno.test("hostile queries are answered in time, by a result or a problem", async () => {
  await using api = await testApi({}, { search: true });
  await api.analysed("bytes", "word.exe", { tags: ["a"] });
  for (const [name, q] of Object.entries(hostile)) {
    for (const mode of ["default", "advanced", "exact"]) {
      for (const scope of ["samples", "reports"]) {
        const { status, code } = await ask(api, { q, mode, scope });
        const told = `${name} in mode ${mode} of ${scope}: ${status} ${code}`;
        assert.ok(status === 200 || code === "invalid-query", told);
      }
    }
  }
});
