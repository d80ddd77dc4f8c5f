import { EVERYTHING, type KeyId, newId, type Visibility } from "@assay/core";
import assert from "node:assert/strict";
import { digestOf, factsOf, foundRun, makeReport, testElasticsearch } from "./testing.ts";
import type { SearchRequest } from "./repositories.ts";

/** Twelve samples; scores repeat, so that only the tie-break tells them apart. */
async function dozen() {
  const stores = await testElasticsearch();
  const reports = Array.from({ length: 12 }, (_, index) =>
    makeReport({
      sha256: digestOf(`sample ${index}`),
      name: `file-${index}`,
      size: 100 + index % 5,
      finished: `2026-01-01T00:00:${String(index % 4).padStart(2, "0")}.000Z`,
      verdict: { level: "suspicious", score: index % 3, summary: "", reasons: [] },
    }));
  await stores.reports.store(reports);
  await stores.projector.project(reports.map((report) => ({ facts: factsOf([report]), report })));
  const page = (given: Partial<SearchRequest>, visibility: Visibility = EVERYTHING) =>
    stores.search.search({ q: "", scope: "samples", size: 5, ...given }, visibility);
  return { ...stores, page, [Symbol.asyncDispose]: stores[Symbol.asyncDispose] };
}

Deno.test("search() pages through all hits once, in order, by every sort and scope", async () => {
  await using stores = await dozen();
  const green = { reader: newId<KeyId>(), maxTlp: "green" } as const;
  for (
    const [scope, visibility] of [["samples", EVERYTHING], ["samples", green], ["reports", green]] as const
  ) {
    for (
      const sort of [
        undefined,
        "seen",
        "-score",
        "score",
        "size",
        "-size",
        "sha256",
        "-sha256",
        "verdict",
        "fileType",
      ]
    ) {
      const hits = [];
      let cursor: string | null | undefined;
      const sizes: number[] = [];
      do {
        const page = await stores.page({ scope, sort, cursor: cursor ?? undefined }, visibility);
        assert.deepEqual(page.total, { value: 12, exact: true });
        hits.push(...page.items);
        sizes.push(page.items.length);
        cursor = page.cursor;
      } while (cursor !== null);
      assert.deepEqual(sizes, [5, 5, 2], `${scope} ${sort}`);
      assert.equal(new Set(hits.map((hit) => hit.sha256)).size, 12, `${scope} ${sort}`);
      const name = (sort ?? "-seen").replace("-", "") as "seen" | "score" | "size" | "sha256";
      const values = hits.map((hit) => hit[name]);
      const ordered = values.toSorted((a, b) => a < b ? -1 : a > b ? 1 : 0);
      assert.deepEqual(
        values,
        sort?.startsWith("-") ?? true ? ordered.reverse() : ordered,
        `${scope} ${sort}`,
      );
    }
  }
});

Deno.test("search() gives no cursor where the last page is full", async () => {
  await using stores = await dozen();
  assert.equal((await stores.page({ size: 12 })).cursor, null);
  assert.notEqual((await stores.page({ size: 11 })).cursor, null);
});

Deno.test("search() refuses cursors of other searches, scopes, sorts and readers, and what is none", async () => {
  await using stores = await dozen();
  const { cursor } = await stores.page({});
  assert.ok(cursor !== null);
  assert.equal((await stores.page({ cursor })).items.length, 5);
  const others: [Partial<SearchRequest>, Visibility?][] = [
    [{ q: "file" }],
    [{ scope: "reports" }],
    [{ sort: "seen" }],
    [{}, { reader: newId<KeyId>(), maxTlp: "red" }],
    [{ cursor: "" }],
    [{ cursor: "x" }],
    [{ cursor: btoa("[]") }],
    [{ cursor: btoa('{"a":1}') }],
    [{ cursor: cursor.slice(0, -3) }],
    [{ cursor: "A".repeat(100_000) }],
  ];
  for (const [given, visibility] of others) {
    await assert.rejects(
      stores.page({ cursor, ...given }, visibility),
      { name: "CursorError" },
      JSON.stringify(given),
    );
  }
});

Deno.test("search() refuses a sort that is not offered", async () => {
  await using stores = await dozen();
  for (const sort of ["", "-", "md5", "tag", "string", "--seen", "_score", "access.rank", "seen,size"]) {
    await assert.rejects(stores.page({ sort }), { name: "SortError" }, sort);
  }
});

Deno.test("search() keeps a page's size within bounds", async () => {
  await using stores = await dozen();
  assert.equal((await stores.page({ size: 0 })).items.length, 1);
  assert.equal((await stores.page({ size: 1e9 })).items.length, 12);
});

Deno.test("search() shows where words were found and which module said so, without markup", async () => {
  await using stores = await testElasticsearch();
  const report = makeReport({
    name: "needle.exe",
    modules: [
      foundRun("strings", [], {
        strings: ["<b>before</b>", "a \ue000 needle_in.haystack <script>", "after"],
      }),
      foundRun("pe", [{ type: "property", field: "pe.pdb", value: "C:\\src\\needle.pdb" }]),
    ],
  });
  await stores.projector.project([{ facts: factsOf([report]), report }]);
  const { items } = await stores.search.search({ q: "needle", scope: "samples", size: 5 }, EVERYTHING);
  assert.deepEqual(items[0]!.highlights, {
    "text.strings": ["a  \ue000needle\ue001_in.haystack <script>"],
    "pe.pdb": ["C:\\src\\\ue000needle\ue001.pdb"],
  });
  const none = await stores.search.search({ q: "size:>0", scope: "samples", size: 5 }, EVERYTHING);
  assert.deepEqual(none.items[0]!.highlights, {});
});
