import { EVERYTHING, type KeyId, newId, type Visibility } from "@assay/core";
import assert from "node:assert/strict";
import type { ColumnValue } from "./columns.ts";
import { usualColumns } from "./columns.ts";
import type { ExportRequest, SearchExport } from "./repositories.ts";
import { digestOf, factsOf, foundRun, makeReport, testElasticsearch } from "./testing.ts";

async function rowsOf(walk: SearchExport): Promise<(readonly ColumnValue[])[]> {
  const rows: (readonly ColumnValue[])[] = [];
  for await (const portion of walk.rows) rows.push(...portion);
  return rows;
}

/** So many samples named by their number. */
async function many(count: number) {
  const stores = await testElasticsearch();
  const reports = Array.from(
    { length: count },
    (_, index) => makeReport({ sha256: digestOf(String(index)), name: String(index).padStart(5, "0") }),
  );
  await stores.reports.store(reports);
  await stores.projector.project(reports.map((report) => ({ facts: factsOf([report]), report })));
  const openPoints = async () => {
    await stores.settle();
    const stats = await stores.client.indices.stats({ index: `${stores.prefix}-*`, metric: "search" });
    return stats._all.total!.search!.open_contexts!;
  };
  const walk = (given: Partial<ExportRequest> = {}) =>
    stores.search.export({ q: "", scope: "samples", columns: ["name"], ...given }, EVERYTHING);
  return { ...stores, walk, openPoints, [Symbol.asyncDispose]: stores[Symbol.asyncDispose] };
}

Deno.test("export() gives each of more hits than a portion holds once, and lets go of its point in time", async () => {
  await using stores = await many(2300);
  for (const scope of ["samples", "reports"] as const) {
    const walk = await stores.walk({ scope });
    assert.equal(await stores.openPoints() > 0, true);
    const names = (await rowsOf(walk)).map(([name]) => name);
    assert.deepEqual([walk.total, names.length, new Set(names).size], [2300, 2300, 2300]);
    const sorted = (await rowsOf(await stores.walk({ scope, sort: "-name", limit: 1500 }))).flat();
    assert.deepEqual([sorted.length, sorted[0], sorted[1499]], [1500, "02299", "00800"]);
  }
  assert.equal((await stores.walk({ limit: 10 })).total, 2300);
  assert.deepEqual(await rowsOf(await stores.walk({ q: "name:absent" })), []);
});

Deno.test("export() lets go of its point in time however it ends", async () => {
  await using stores = await many(1200);
  const untouched = await stores.walk();
  await untouched.rows.return(undefined);
  const begun = await stores.walk();
  await begun.rows.next();
  await begun.rows.return(undefined);
  const reader = new AbortController();
  const left = await stores.walk({ signal: reader.signal });
  assert.equal((await left.rows.next()).value!.length, 1000);
  reader.abort(new Error("reader left"));
  await assert.rejects(left.rows.next(), /reader left/);
  await assert.rejects(stores.walk({ signal: AbortSignal.abort(new Error("gone")) }), /gone/);
  await assert.rejects(stores.walk({ columns: ["nothing"] }), { name: "ColumnError" });
  await assert.rejects(stores.walk({ sort: "nothing" }), { name: "SortError" });
  assert.equal(await stores.openPoints(), 0);
});

Deno.test("export() gives the values of every kind of column as they were found", async () => {
  await using stores = await testElasticsearch();
  const report = makeReport({
    name: "Setup.EXE",
    tags: ["mine"],
    metadata: { case: "Case 42" },
    digests: { sha256: digestOf("x"), md5: "0123456789abcdef0123456789abcdef" },
    sha256: digestOf("x"),
    modules: [
      foundRun("pe", [
        { type: "property", field: "pe.import", value: "KERNEL32.dll!VirtualAlloc" },
        { type: "property", field: "pe.import", value: "USER32.dll!MessageBoxA" },
        { type: "property", field: "pe.section.entropy", value: 7.5 },
        { type: "tag", value: "packed" },
      ], { header: { machine: "amd64", flags: [1, 2] }, sections: [{ name: ".text" }, { name: ".data" }] }),
    ],
  });
  await stores.reports.store([report]);
  await stores.projector.project([{ facts: factsOf([report]), report }]);
  const wanted: Record<string, ColumnValue> = {
    name: "Setup.EXE",
    tag: ["packed", "mine"],
    md5: ["0123456789abcdef0123456789abcdef"],
    reportId: report.id,
    "pe.import": ["KERNEL32.dll!VirtualAlloc", "USER32.dll!MessageBoxA"],
    "pe.section.entropy": [7.5],
    "elf.needed": [],
    "metadata.case": ["Case 42"],
    "metadata.other": [],
    "module.pe.status": ["ok"],
    "module.yara.status": [],
    "raw.pe.header.machine": ["amd64"],
    "raw.pe.header.flags": [1, 2],
    "raw.pe.sections.name": [".text", ".data"],
    submitter: ["alice"],
    tlp: ["clear"],
    parent: [],
    submission: [report.submissionId],
  };
  for (const scope of ["samples", "reports"] as const) {
    const walk = await stores.search.export({ q: "", scope, columns: Object.keys(wanted) }, EVERYTHING);
    assert.deepEqual(await rowsOf(walk), [Object.values(wanted)], scope);
  }
  for (const column of ["string", "text.pe", "note", "NAME", "__proto__", "constructor", "hit"]) {
    const refused = stores.search.export({ q: "", scope: "samples", columns: [column] }, EVERYTHING);
    await assert.rejects(refused, { name: "ColumnError" }, column);
  }
});

Deno.test("export() gives nothing of submissions that the reader may not see", async () => {
  await using stores = await testElasticsearch();
  const green: Visibility = { reader: newId<KeyId>(), maxTlp: "green" };
  const sha256 = digestOf("shared");
  const found = (word: string) => [foundRun("pe", [{ type: "property", field: "pe.pdb", value: word }])];
  const open = makeReport({ sha256, name: "open.exe", modules: found("open.pdb") });
  const secret = makeReport({
    sha256,
    name: "secret.exe",
    tlp: "red",
    tags: ["secret"],
    metadata: { case: "secret" },
    submitter: "secret",
    finished: "2026-02-01T00:00:00.000Z",
    modules: found("secret.pdb"),
  });
  const hidden = makeReport({ tlp: "red", name: "hidden-secret.exe" });
  await stores.reports.store([open, secret, hidden]);
  await stores.projector.project([
    { facts: factsOf([secret, open]), report: secret },
    { facts: factsOf([hidden]), report: hidden },
  ]);
  const columns = [...usualColumns, "pe.pdb", "metadata.case", "submitter", "tlp", "submission"];
  for (const scope of ["samples", "reports"] as const) {
    const walk = await stores.search.export({ q: "", scope, columns }, green);
    const rows = await rowsOf(walk);
    assert.deepEqual([walk.total, rows.length], [1, 1], scope);
    assert.equal(/secret/.test(JSON.stringify(rows)), false, scope);
    assert.ok(JSON.stringify(rows).includes("open.pdb"), scope);
  }
});
