import { EVERYTHING } from "@assay/core";
import assert from "node:assert/strict";
import { digestOf, factsOf, foundRun, makeReport, testElasticsearch } from "../testing.ts";
import { COMMON } from "./shared.ts";

const [COMMON_HASH, RARE_HASH] = ["ab".repeat(16), digestOf("section")];

/** So many samples with the same imports, the first two with the same section. */
async function crowd(size: number) {
  const stores = await testElasticsearch();
  const reports = Array.from({ length: size }, (_, i) =>
    makeReport({
      sha256: digestOf(`crowd ${i}`),
      modules: [foundRun("pe", [
        { type: "property", field: "pe.imphash", value: COMMON_HASH },
        ...i < 2 ? [{ type: "property", field: "pe.section.sha256", value: RARE_HASH }] as const : [],
      ])],
    }));
  await stores.reports.store(reports);
  await stores.projector.project(reports.map((report) => ({ facts: factsOf([report]), report })));
  return { ...stores, reports, [Symbol.asyncDispose]: stores[Symbol.asyncDispose] };
}

Deno.test("similar() counts a value that too many share, with the query that finds them, instead of listing them", async () => {
  const size = COMMON + 2;
  await using stores = await crowd(size);
  const request = {
    ssdeep: null,
    tlsh: null,
    shared: [
      { method: "imphash", field: "pe.imphash", value: COMMON_HASH, name: null },
      { method: "section", field: "pe.section.sha256", value: RARE_HASH, name: ".text" },
    ],
    except: stores.reports[0]!.sha256,
    minScore: 1,
    maxDistance: 50,
    size: 10,
  } as const;
  const found = await stores.pivots.similar(request, EVERYTHING);
  assert.deepEqual(found.items.map(({ hit, evidence }) => [hit.sha256, evidence]), [[
    stores.reports[1]!.sha256,
    [{ method: "section", sections: [{ sha256: RARE_HASH, name: ".text" }] }],
  ]]);
  const [imphash, section] = found.methods;
  assert.deepEqual([imphash!.found, imphash!.common], [0, [{
    ...request.shared[0],
    samples: size - 1,
    query: `pe.imphash:${COMMON_HASH}`,
  }]]);
  assert.deepEqual([section!.found, section!.common], [1, []]);
  const search = { q: imphash!.common[0]!.query, scope: "samples", size: 1 } as const;
  assert.equal((await stores.search.search(search, EVERYTHING)).total.value, size);
});
