import assert from "node:assert/strict";
import { models } from "../../fixtures/reports.ts";
import { buildBundle } from "../build.ts";
import { markingId } from "../marking.ts";
import type { StixBundle } from "../object.ts";
import { testSettings } from "../testing.ts";
import { checkBundle } from "./check.ts";
import { StixError } from "./finding.ts";

type Loose = { type: string; id: string; [property: string]: unknown };

/** What is done to a good bundle, and what must be said about it. */
const faults: readonly [name: string, change: (objects: Loose[]) => void, said: RegExp][] = [
  ["an observable's id", (all) => find(all, "url").value = "http://other.example/", /id: expected 'url--/],
  ["an id twice", (all) => all.push({ ...find(all, "indicator") }), /id: is there twice/],
  [
    "an id of another type",
    (all) => find(all, "note").id = find(all, "note").id.replace("note", "opinion"),
    /expected 'note--'/,
  ],
  [
    "a reference to nothing",
    (all) => all.splice(all.indexOf(find(all, "mutex")), 1),
    /expected an object of the bundle/,
  ],
  [
    "a sample that is no file",
    (all) => find(all, "malware").sample_refs = [find(all, "url").id],
    /expected file, got 'url'/,
  ],
  ["a marking of TLP 1", (all) => {
    find(all, "file").object_marking_refs = ["marking-definition--f88d31f6-486f-44da-b317-01333bde0b82"];
  }, /expected TLP 2\.0/],
  ["no marking", (all) => delete find(all, "report").object_marking_refs, /expected exactly one/],
  [
    "two markings",
    (all) => find(all, "report").object_marking_refs = [markingId("red"), markingId("clear")],
    /exactly one/,
  ],
  [
    "a marking that isn't there",
    (all) => find(all, "note").object_marking_refs = [markingId("green")],
    /definition in the bundle/,
  ],
  ["a changed marking", (all) => find(all, "marking-definition").name = "TLP:NONE", /as published/],
  [
    "modified before created",
    (all) => find(all, "report").modified = "2020-01-01T00:00:00.000Z",
    /modified: expected/,
  ],
  [
    "a time without milliseconds",
    (all) => find(all, "report").published = "2026-11-20T10:00:00Z",
    /published: expected/,
  ],
  [
    "a day that isn't",
    (all) => find(all, "report").published = "2026-02-30T10:00:00.000Z",
    /published: expected/,
  ],
  [
    "an unescaped pattern",
    (all) => find(all, "indicator").pattern = "[url:value = 'it's']",
    /pattern: expected/,
  ],
  [
    "a result outside of the vocabulary",
    (all) => find(all, "malware-analysis").result = "clean",
    /result: expected/,
  ],
  ["a product in capitals", (all) => find(all, "malware-analysis").product = "ClamAV", /product: expected/],
  [
    "a relationship of no specification",
    (all) => find(all, "relationship").relationship_type = "eats",
    /relationship_type/,
  ],
  ["a name that turns", (all) => find(all, "malware").name = "invoice\u202Efdp.exe", /name: expected text/],
  ["half a character", (all) => find(all, "malware").description = "\uD800", /description: expected text/],
  ["an empty name", (all) => find(all, "malware").name = "", /name: expected some text/],
  ["what a schema refuses", (all) => find(all, "malware").is_family = "no", /is_family/],
  [
    "an unknown type",
    (all) => all.push({ type: "x-thing", id: "x-thing--0f2b6a46-2a3e-4a67-8f3a-6f8f4b1d9c11" }),
    /Assay writes/,
  ],
];

for (const [name, change, said] of faults) {
  Deno.test(`checkBundle() refuses ${name}`, async () => {
    const bundle = await goodBundle();
    change(bundle.objects as Loose[]);
    const { schemas } = await testSettings();
    const error = assertFails(() => checkBundle(bundle, schemas));
    const problems = error.findings.map(({ problem }) => problem);
    assert(problems.some((problem) => said.test(problem)), problems.join("\n"));
  });
}

Deno.test("checkBundle() tells everything that is wrong at once", async () => {
  const bundle = await goodBundle();
  for (const [, change] of faults.slice(12, 16)) change(bundle.objects as Loose[]);
  const { schemas } = await testSettings();
  assert(assertFails(() => checkBundle(bundle, schemas)).findings.length >= 4);
});

Deno.test("checkBundle() meets hostile types and keys of any length only after their length", async () => {
  const { schemas } = await testSettings();
  for (const type of [`${"a".repeat(200)}!`, `${"a".repeat(100_000)}!`]) {
    const bundle = await goodBundle();
    find(bundle.objects as Loose[], "note").type = type;
    assertFails(() => checkBundle(bundle, schemas));
  }
  const bundle = await goodBundle();
  find(bundle.objects as Loose[], "file").extensions = { [`${"a".repeat(40)}!`]: { a: 1 } };
  assertFails(() => checkBundle(bundle, schemas));
});

async function goodBundle(): Promise<StixBundle> {
  const settings = await testSettings();
  const bundle = structuredClone(buildBundle(models().get("pe")!, settings));
  checkBundle(bundle, settings.schemas);
  return structuredClone(bundle);
}

function find(objects: Loose[], type: string): Loose {
  const found = objects.find((object) => object.type === type);
  assert(found, `Expected a '${type}'`);
  return found;
}

function assertFails(run: () => void): StixError {
  try {
    run();
  } catch (error) {
    assert(error instanceof StixError, String(error));
    return error;
  }
  throw new assert.AssertionError({ message: "Expected the bundle to be refused" });
}
