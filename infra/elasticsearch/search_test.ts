import { EVERYTHING, QueryError, type Report } from "@assay/core";
import assert from "node:assert/strict";
import { digestOf, factsOf, foundRun, makeReport, testElasticsearch } from "./testing.ts";

const day = (date: number) => `2026-01-${String(date).padStart(2, "0")}T00:00:00.000Z`;
const now = Date.UTC(2026, 0, 10);

/** Ids in alphabetical order of the reports' names. */
async function corpus() {
  const stores = await testElasticsearch({ clock: () => now });
  const emotet = makeReport({
    name: "Invoice 2026.exe",
    sha256: digestOf("emotet"),
    digests: {
      sha256: digestOf("emotet"),
      md5: "0123456789abcdef0123456789abcdef",
      ssdeep: "3:AXGBicFl:AXGH",
    },
    size: 512_000,
    tags: ["campaign-7"],
    metadata: { case: "Case 42" },
    submitter: "alice",
    finished: day(9),
    verdict: { level: "malicious", score: 90, summary: "An engine says so", reasons: [] },
    modules: [
      foundRun("pe", [
        { type: "property", field: "pe.import", value: "KERNEL32.dll!VirtualAlloc" },
        { type: "property", field: "pe.import", value: "KERNEL32.dll!VirtualProtect" },
        { type: "property", field: "pe.section.entropy", value: 7.4 },
        { type: "property", field: "pe.section.name", value: "UPX0" },
        { type: "property", field: "pe.imphash", value: "F34D5F2D4577ED6D9CEEC516C1F5A744" },
        { type: "property", field: "pe.signed", value: true },
        { type: "property", field: "pe.timestamp", value: "2025-05-05T10:00:00Z" },
      ], { header: { machine: "amd64", note: "Rich header present" } }),
      foundRun("clamav", [{
        type: "detection",
        engine: "clamav",
        label: "Win.Trojan.Emotet-9951",
        verdict: "malicious",
        family: "Emotet",
      }]),
      foundRun("strings", [
        { type: "observable", kind: "ip", value: "10.1.2.3" },
        { type: "observable", kind: "url", value: "http://evil.example.com/gate.php?id=1" },
        { type: "observable", kind: "domain", value: "evil.example.com" },
        { type: "tag", value: "packed" },
      ], {
        strings: ["This program cannot be run in DOS mode", "PyInit__cffi", "C:\\Users\\bob\\payload.pdb"],
      }),
    ],
  });
  const library = makeReport({
    name: "libz.so.1",
    sha256: digestOf("library"),
    fileType: "elf",
    mime: "application/x-sharedlib",
    magic: "ELF 64-bit LSB shared object",
    size: 90_000,
    submitter: "bob",
    finished: day(2),
    modules: [
      foundRun("elf", [
        { type: "property", field: "elf.needed", value: "libc.so.6" },
        { type: "property", field: "elf.import", value: "malloc" },
      ]),
      {
        ...foundRun("yara", []),
        status: "timeout",
        reason: "Took more than 30 s",
      } as Report["modules"][number],
    ],
  });
  await stores.reports.store([emotet, library]);
  await stores.projector.project([emotet, library].map((report) => ({ facts: factsOf([report]), report })));
  return { ...stores, emotet, library, [Symbol.asyncDispose]: stores[Symbol.asyncDispose] };
}

const finds: readonly [q: string, expected: readonly ("emotet" | "library")[]][] = [
  ["", ["emotet", "library"]],
  ["*", ["emotet", "library"]],
  ["emotet", ["emotet"]],
  ["virtualalloc", ["emotet"]],
  ["VirtualAl*", ["emotet"]],
  ['"cannot be run"', ["emotet"]],
  ["cffi", ["emotet"]],
  ["0123456789ABCDEF0123456789abcdef", ["emotet"]],
  ["f34d5f2d4577ed6d9ceec516c1f5a744", ["emotet"]],
  ["0123456789abcdef0123456789abcdef da39a3ee5e6b4b0d3255bfef95601890afd80709", ["emotet"]],
  ["10.1.2.3", ["emotet"]],
  ["example.com", ["emotet"]],
  ["invoice", ["emotet"]],
  ["campaign-7", ["emotet"]],
  ["packed", ["emotet"]],
  ["Rich header", ["emotet"]],
  ["nowhere", []],
  ["name:*.exe", ["emotet"]],
  ["name:LIB*", ["library"]],
  ["name:*z.so*", ["library"]],
  ["name:setup?.exe", []],
  ['name:="invoice 2026.exe"', ["emotet"]],
  ["name:invoice", ["emotet"]],
  ["name:=invoice", []],
  ["name:(=libz.so.1 OR =LIBZ)", ["library"]],
  ["family:=emotet", ["emotet"]],
  ["size:>=500kB", ["emotet"]],
  ["size:{90000 TO *]", ["emotet"]],
  ["size:[90000 TO 512000]", ["emotet", "library"]],
  ["fileType:PE", ["emotet"]],
  ["av.label:emotet", ["emotet"]],
  ["av.label:win.trojan*", ["emotet"]],
  ["family:emotet", ["emotet"]],
  ["pe.import:VirtualAlloc", ["emotet"]],
  ["pe.import:kernel32.dll!virtualalloc", ["emotet"]],
  ["pe.import:*!VirtualProtect AND pe.section.entropy:>7.2", ["emotet"]],
  ["pe.imphash:F34D5F2D4577ED6D9CEEC516C1F5A744", ["emotet"]],
  ["pe.section.name:upx?", ["emotet"]],
  ["pe.signed:yes", ["emotet"]],
  ["pe.timestamp:2025-05", ["emotet"]],
  ["pe.timestamp:2025-06", []],
  ["ip:10.0.0.0/8", ["emotet"]],
  ["ip:[10.1.2.0 TO 10.1.2.255]", ["emotet"]],
  ["ip:192.168.0.0/16", []],
  ["url:http*", ["emotet"]],
  ["domain:*.example.com", ["emotet"]],
  ["tag:packed", ["emotet"]],
  ["tag:campaign*", ["emotet"]],
  ["tag:*", ["emotet"]],
  ["NOT tag:packed", ["library"]],
  ["seen:>=now-7d", ["emotet"]],
  ["seen:<2026-01-03", ["library"]],
  ["seen:<=2026-01-02", ["library"]],
  ["submitter:(alice OR bob)", ["emotet", "library"]],
  ["submitter:alice -size:>1MB", ["emotet"]],
  ['metadata.case:"case 42"', ["emotet"]],
  ["metadata.case:*", ["emotet"]],
  ["metadata.other:*", []],
  ["module.yara.status:timeout", ["library"]],
  ["module.clamav.version:1", ["emotet"]],
  ["text.pe:rich", ["emotet"]],
  ["string:payl*", ["emotet"]],
  ["string:payload", ["emotet"]],
  ["ssdeep:3:AXGBicFl:AXGH", ["emotet"]],
  ["ssdeep:3:axgbicfl:axgh", []],
  ["pe.import:* OR elf.import:*", ["emotet", "library"]],
  ["tlp:clear", ["emotet", "library"]],
  ["verdict:malicious score:>=80", ["emotet"]],
];

Deno.test("search() finds by every kind of field, in samples and in reports alike", async () => {
  await using stores = await corpus();
  const wrong: string[] = [];
  for (const scope of ["samples", "reports"] as const) {
    for (const [q, expected] of finds) {
      const found = await stores.search.search({ q, scope, size: 10, sort: "-score" }, EVERYTHING);
      const names = found.items.map((hit) => hit.reportId === stores.emotet.id ? "emotet" : "library");
      if (names.join() !== expected.join()) wrong.push(`${scope}: ${q}: ${names.join() || "nothing"}`);
    }
  }
  assert.deepEqual(wrong, []);
});

Deno.test("search() finds by raw output", async () => {
  await using stores = await corpus();
  for (const scope of ["samples", "reports"] as const) {
    const { items } = await stores.search.search(
      { q: "raw.pe.header.machine:AMD64", scope, size: 10 },
      EVERYTHING,
    );
    assert.deepEqual(items.map((hit) => hit.name), ["Invoice 2026.exe"], scope);
  }
});

Deno.test("search() takes text of a query as a value only, never as syntax", async () => {
  await using stores = await corpus();
  for (
    const text of [
      '") OR *',
      '{"match_all":{}}',
      "name:*",
      "/.*/",
      "a~2^5",
      "<em>",
      "\\u0000",
      "_exists_",
    ]
  ) {
    const q = `"${text.replace(/["\\]/g, "\\$&")}"`;
    for (const scope of ["samples", "reports"] as const) {
      assert.equal((await stores.search.search({ q, scope, size: 10 }, EVERYTHING)).total.value, 0, q);
    }
  }
});

const advanced: readonly [q: string, expected: readonly ("emotet" | "library")[]][] = [
  ["name:/invoice .*\\.exe/", ["emotet"]],
  ["name:/invoice/", []],
  ["av.label:/WIN\\.(trojan|worm)\\.[a-z]+-[0-9]{4}/", ["emotet"]],
  ["url:/http:\\/\\/.*gate.*/", ["emotet"]],
  ["url:*gate*", ["emotet"]],
  ["pe.import:*virtual* AND size:>1", ["emotet"]],
  ["string:/pay[a-z]+/", ["emotet"]],
  ["string:*ylo?d", ["emotet"]],
  ["sha256:/[0-9a-f]{64}/ elf.needed:/lib.\\.so.*/", ["library"]],
  ["ssdeep:/3:AXG.*/", ["emotet"]],
  ["ssdeep:/3:axg.*/", []],
  ["tag:/pack.*/ OR family:/nothing/", ["emotet"]],
  ["NOT name:/.*/", []],
  ["emotet", ["emotet"]],
];

Deno.test("search() takes regular expressions and costly wildcards in mode advanced, of whole values in any case", async () => {
  await using stores = await corpus();
  for (const scope of ["samples", "reports"] as const) {
    for (const [q, expected] of advanced) {
      const request = { q, mode: "advanced", scope, size: 10, sort: "-score" } as const;
      const found = await stores.search.search(request, EVERYTHING);
      const names = found.items.map((hit) => hit.reportId === stores.emotet.id ? "emotet" : "library");
      assert.deepEqual(names, expected, `${scope}: ${q}`);
    }
  }
});

Deno.test("search() refuses regular expressions that Lucene can't read or that grow too large, with their place", async () => {
  await using stores = await corpus();
  const find = (q: string) =>
    stores.search.search({ q, mode: "advanced", scope: "samples", size: 10 }, EVERYTHING);
  for (const broken of ["(", "[a", "a{2", '"x', "a{9999999999}"]) {
    await assert.rejects(find(`size:1 OR name:/${broken}/`), (error: Error) => {
      assert.ok(error instanceof QueryError, `${broken}: ${error.name} ${error.message}`);
      assert.equal(error.place.start, 10);
      return true;
    });
  }
  await assert.rejects(find("name:/(.*a){1,9}.{1,90}b.{90}c.{1,90}/"), { name: "QueryError" });
});

Deno.test("search() takes all of the text as one phrase in mode exact", async () => {
  await using stores = await corpus();
  const find = async (q: string) => {
    const found = await stores.search.search({ q, mode: "exact", scope: "samples", size: 10 }, EVERYTHING);
    return found.items.map((hit) => hit.name);
  };
  assert.deepEqual(await find("cannot be run in DOS"), ["Invoice 2026.exe"]);
  assert.deepEqual(await find("run cannot"), []);
  assert.deepEqual(await find("name:*"), []);
  assert.deepEqual(await find("http://evil.example.com/gate.php?id=1"), ["Invoice 2026.exe"]);
  assert.deepEqual(await find("(a OR"), []);
});
