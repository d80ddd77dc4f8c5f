import { EVERYTHING } from "@assay/core";
import assert from "node:assert/strict";
import type { SearchRequest } from "./repositories.ts";
import { sortFields } from "./sort.ts";
import { digestOf, factsOf, foundRun, makeReport, testElasticsearch } from "./testing.ts";

/** Samples that pages are taken of; `add` stores more. */
async function stored(count: number) {
  const stores = await testElasticsearch();
  const add = async (names: readonly string[]) => {
    const reports = names.map((name) => makeReport({ sha256: digestOf(name), name }));
    await stores.reports.store(reports);
    await stores.projector.project(reports.map((report) => ({ facts: factsOf([report]), report })));
  };
  await add(Array.from({ length: count }, (_, index) => `file-${index}`));
  const page = (given: Partial<SearchRequest> = {}) =>
    stores.search.search({ q: "", scope: "samples", size: 4, sort: "sha256", ...given }, EVERYTHING);
  return { ...stores, add, page, [Symbol.asyncDispose]: stores[Symbol.asyncDispose] };
}

Deno.test("search() shows on every page what there was when the first was asked for", async () => {
  await using stores = await stored(10);
  for (const scope of ["samples", "reports"] as const) {
    const first = await stores.page({ scope });
    await stores.add(Array.from({ length: 20 }, (_, index) => `${scope}-later-${index}`));
    const pages = [first];
    for (let cursor = first.cursor; cursor !== null; cursor = pages.at(-1)!.cursor) {
      pages.push(await stores.page({ scope, cursor }));
      assert.deepEqual(pages.at(-1)!.total, first.total);
    }
    const hits = pages.flatMap((page) => page.items);
    assert.equal(hits.length, first.total.value);
    assert.equal(new Set(hits.map((hit) => hit.sha256)).size, first.total.value);
    assert.ok(!hits.some((hit) => hit.name?.startsWith(`${scope}-later`)));
  }
});

Deno.test("search() lets go of the first page's point in time when the last was read, and says so to who goes on", async () => {
  await using stores = await stored(10);
  const first = await stores.page();
  const second = await stores.page({ cursor: first.cursor! });
  assert.deepEqual(await stores.page({ cursor: first.cursor! }), second);
  assert.equal((await stores.page({ cursor: second.cursor! })).cursor, null);
  await stores.settle();
  await assert.rejects(stores.page({ cursor: second.cursor! }), { name: "CursorExpiredError" });
});

Deno.test("search() leaves no point in time open for a single page, nor for a search that failed", async () => {
  await using stores = await stored(3);
  const open = async () => {
    const stats = await stores.client.indices.stats({ index: `${stores.prefix}-samples`, metric: "search" });
    return stats._all.total!.search!.open_contexts;
  };
  assert.equal((await stores.page()).cursor, null);
  const aborted = AbortSignal.abort(new Error("reader left"));
  await assert.rejects(stores.page({ signal: aborted }), /reader left/);
  await assert.rejects(stores.page({ q: "name:/(/", mode: "advanced" }), { name: "QueryError" });
  await stores.settle();
  assert.equal(await open(), 0);
  await stores.page({ size: 2 });
  assert.equal(await open(), 1);
});

Deno.test("search() gives the number or the ids alone", async () => {
  await using stores = await stored(10);
  const count = await stores.page({ show: "count" });
  assert.deepEqual(count, { total: { value: 10, exact: true }, items: [], ids: [], cursor: null });
  const first = await stores.page({ show: "ids" });
  const rest = await stores.page({ show: "ids", size: 20, cursor: first.cursor! });
  const expected = Array.from({ length: 10 }, (_, index) => digestOf(`file-${index}`)).sort();
  assert.deepEqual([...first.ids, ...rest.ids], expected);
  assert.deepEqual([first.items, rest.cursor], [[], null]);
  const reports = await stores.page({ show: "ids", scope: "reports", size: 20 });
  assert.match(reports.ids[0]!, /^[0-9A-Z]{26}$/);
});

Deno.test("search() orders by every sortable field and pages over what has no value for it", async () => {
  await using stores = await testElasticsearch();
  const reports = Array.from({ length: 7 }, (_, index) =>
    makeReport({
      sha256: digestOf(String(index)),
      name: index % 3 === 0 ? null : `Name ${9 - index}`,
      modules: index % 2 === 0 ? [] : [
        foundRun("pe", [
          { type: "property", field: "entropy", value: index / 2 },
          { type: "property", field: "pe.timestamp", value: `20${10 + index}-01-01T00:00:00Z` },
          { type: "property", field: "pe.overlay", value: index },
          { type: "property", field: "pe.signed", value: index > 3 },
          { type: "property", field: "pe.machine", value: `m${index}` },
        ]),
      ],
    }));
  await stores.reports.store(reports);
  await stores.projector.project(reports.map((report) => ({ facts: factsOf([report]), report })));
  for (const scope of ["samples", "reports"] as const) {
    for (const sort of sortFields.flatMap((name) => [name, `-${name}`])) {
      const names: (string | null)[] = [];
      let cursor: string | null = null;
      do {
        const request: SearchRequest = {
          q: "",
          scope,
          size: 2,
          sort,
          ...(cursor === null ? {} : { cursor }),
        };
        const page = await stores.search.search(request, { ...EVERYTHING, maxTlp: "amber" });
        names.push(...page.items.map((hit) => hit.sha256));
        cursor = page.cursor;
      } while (cursor !== null);
      assert.equal(new Set(names).size, 7, `${scope} ${sort}: ${names.length}`);
      const place = (index: number) => names.indexOf(digestOf(String(index)));
      if (["entropy", "pe.timestamp", "pe.overlay", "pe.machine"].includes(sort)) {
        assert.deepEqual([1, 3, 5].map(place), [0, 1, 2], `${scope} ${sort}`);
      }
      if (sort === "-entropy") assert.deepEqual([5, 3, 1].map(place), [0, 1, 2], `${scope} ${sort}`);
      if (sort === "name") assert.deepEqual([5, 4, 2, 1].map(place), [0, 1, 2, 3], `${scope} ${sort}`);
    }
  }
});
