import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { ran } from "../../fixtures/programs.ts";
import { models, organisation, reader } from "../../fixtures/reports.ts";
import { makeModel } from "../../model/build.ts";
import type { ReportModel } from "../../model/model.ts";
import { buildBundle } from "../build.ts";
import { checkBundle } from "../check/check.ts";
import { StixError } from "../check/finding.ts";
import { isObservable, ownId } from "../id.ts";
import type { StixBundle, StixObject } from "../object.ts";
import { testSettings } from "../testing.ts";
import { sortRun } from "./line.ts";
import { mergeBundles } from "./merge.ts";

Deno.test("mergeBundles() gives one good bundle with every id once, in order, its id by what it holds", async () => {
  const settings = await testSettings();
  const bundles = await bundlesOf([...models().values()]);
  const text = await merged(bundles);
  const bundle = JSON.parse(text) as StixBundle;
  checkBundle(bundle, settings.schemas);
  const ids = bundle.objects.map(({ id }) => id);
  assert.deepEqual(new Set(ids), new Set(bundles.flatMap(({ objects }) => objects.map(({ id }) => id))));
  assert.equal(ids.length, new Set(ids).size);
  assert.ok(ids.length < bundles.reduce((sum, { objects }) => sum + objects.length, 0), "nothing was shared");
  const digest = createHash("sha256").update(JSON.stringify(bundle.objects)).digest("hex");
  assert.equal(bundle.id, ownId("bundle", digest));
  assert.equal(text, `${JSON.stringify(bundle)}\n`);
  const types = bundle.objects.map(({ type }) => type).filter((type, at, all) => type !== all[at - 1]);
  assert.equal(types.length, new Set(types).size);
  assert.deepEqual([types[0], types.at(-1)], ["marking-definition", "report"]);
});

Deno.test("mergeBundles() gives the same bytes whatever the order and the runs", async () => {
  const bundles = await bundlesOf([...models().values()]);
  const one = await merged(bundles);
  assert.equal(await merged(bundles.toReversed()), one);
  assert.equal(await merged(bundles, 3), one);
  assert.equal(await merged([...bundles, ...bundles], 1), one);
});

Deno.test("mergeBundles() keeps the newest of two revisions of a report, and every reference holds", async () => {
  const later = { ...ran(), revision: 2, finished: "2026-11-25T11:00:00.000Z" };
  const bundles = await bundlesOf(
    [ran(), later].map((report) => makeModel({ report, organisation, visibility: reader })),
  );
  const bundle = JSON.parse(await merged(bundles)) as StixBundle;
  const reports = bundle.objects.filter(({ type }) => type === "report");
  assert.deepEqual(reports.map(({ modified }) => modified), [later.finished]);
  checkBundle(bundle, (await testSettings()).schemas);
});

Deno.test("mergeBundles() marks an observable of two reports with the more restricted level", async () => {
  const clear = ran();
  const amber = { ...ran(), id: "01ARZ3NDEKTSV4RRFFQ69G5FAV" as typeof clear.id, tlp: "amber" as const };
  const bundles = await bundlesOf(
    [{ ...clear, tlp: "clear" as const }, amber].map((report) =>
      makeModel({ report, organisation, visibility: reader })
    ),
  );
  const bundle = JSON.parse(await merged(bundles)) as StixBundle;
  const levels = new Set(
    bundle.objects.filter(({ type }) => isObservable(type)).map(({ object_marking_refs: refs }) =>
      String(refs)
    ),
  );
  const last = bundles[1]!.objects.find(({ type }) => isObservable(type))!;
  assert.deepEqual([...levels], [String(last.object_marking_refs)]);
});

Deno.test("mergeBundles() gives nothing of a bundle whose objects are wrong or point at nothing", async () => {
  const [bundle] = await bundlesOf([models().get("pe")!]);
  const bad: readonly (readonly StixObject[])[] = [
    bundle!.objects.filter(({ type }) => type !== "directory" && type !== "url"),
    bundle!.objects.map((object) => object.type === "malware" ? { ...object, is_family: "no" } : object),
    bundle!.objects.map((object) =>
      object.type === "file" ? { ...object, hashes: { MD5: "0".repeat(32) } } : object
    ),
  ];
  for (const objects of bad) {
    const portions: string[] = [];
    await assert.rejects(async () => {
      for await (const portion of streamed([{ ...bundle!, objects }], 1)) portions.push(portion);
    }, StixError);
    assert.equal(portions.join("").endsWith("]}\n"), false);
  }
});

async function bundlesOf(given: readonly ReportModel[]): Promise<StixBundle[]> {
  const settings = await testSettings();
  return given.map((model) => buildBundle(model, settings));
}

async function merged(bundles: readonly StixBundle[], runs = 1): Promise<string> {
  return (await Array.fromAsync(streamed(bundles, runs))).join("");
}

async function* streamed(bundles: readonly StixBundle[], count: number): AsyncGenerator<string> {
  const runs = Array.from(
    { length: count },
    (_, at) =>
      sortRun(bundles.filter((_, place) => place % count === at).flatMap(({ objects }) => [...objects])),
  );
  const { schemas } = await testSettings();
  yield* mergeBundles({ open: () => runs.map(inPortions), schemas });
}

async function* inPortions(lines: readonly string[]) {
  for (let at = 0; at < lines.length; at += 100) yield lines.slice(at, at + 100);
}
