import assert from "node:assert/strict";
import { ran } from "../fixtures/programs.ts";
import { models, note, organisation, reader, reports, rule } from "../fixtures/reports.ts";
import { makeModel } from "../model/build.ts";
import type { IndicatorType, ReportModel } from "../model/model.ts";
import { markingId } from "./marking.ts";
import type { StixBundle, StixObject } from "./object.ts";
import { renderStix } from "./render.ts";
import { testSettings } from "./testing.ts";

Deno.test("renderStix() gives every indicator of the model, as an observable or in the note of what STIX can't say", async () => {
  for (const [name, model] of models()) {
    const told = indicatorsOf(await bundleOf(model));
    assert.deepEqual(told, model.indicators.map(({ type, value }) => `${type} ${value}`).sort(), name);
  }
});

Deno.test("renderStix() writes hostile and invalid values as text, not as observables", async () => {
  const bundle = await bundleOf(models().get("pe")!);
  const leftovers = all(bundle, "note").find(({ abstract }) => abstract === "Values without a type of STIX");
  assert.deepEqual(String(leftovers?.content).split("\n"), [
    "url\tHTTPS://user@cdn.evil.example:8443/a[.]b/c\\d",
    "url\thxxp[:]//already.defanged[.]example/x",
    "domain\tbad_label.example",
    "email\to'neil@evil.example",
    "registry\tHKEY_LOCAL_MACHINE\\Software\\thkust",
    "wallet\tbc1qxy2kgdygjrsqtzq2n0yrf2493p83kkfjhx0wlh",
  ]);
});

Deno.test("renderStix() has an analysis of every run, failed ones with why, and the verdict as one of its own", async () => {
  const model = models().get("allFailed")!;
  const bundle = await bundleOf(model);
  assert.deepEqual(
    all(bundle, "malware-analysis").map(({ product, labels, result }) => [product, labels, result]),
    [
      ["clamav", ["error"], "unknown"],
      ["pe", ["timeout"], "unknown"],
      ["sandbox", ["cancelled"], "unknown"],
      [
        "assay",
        undefined,
        "unknown",
      ],
    ],
  );
  assert.deepEqual(all(bundle, "note").map(({ abstract }) => abstract), [
    "clamav ended as error",
    "pe ended as timeout",
    "sandbox ended as cancelled",
  ]);
  for (const [name, one] of models()) {
    const ran = one.engines.filter(({ status }) => status !== "skipped").length;
    const analyses = all(await bundleOf(one), "malware-analysis");
    assert.equal(analyses.length, ran + 1, name);
    assert.equal(analyses.at(-1)?.result, one.verdict.level);
  }
});

Deno.test("renderStix() speaks of malware only where the verdict does, and never names it by the file", async () => {
  for (const [name, model] of models()) {
    const malware = all(await bundleOf(model), "malware").filter(({ is_family }) => !is_family);
    const bad = model.verdict.level === "malicious" || model.verdict.level === "suspicious";
    assert.equal(malware.length, bad ? 1 : 0, name);
    if (bad) assert.match(String(malware[0]!.name), new RegExp(`${model.sha256.slice(0, 12)}$`));
  }
  assert.equal(all(await bundleOf(models().get("pe")!), "malware")[0]?.name, "Emotet d47712cceb4c");
});

Deno.test("renderStix() makes indicators of digests, rules and calls, but of no allowed host and no mere string", async () => {
  const names = async (model: ReportModel) => all(await bundleOf(model), "indicator").map(({ name }) => name);
  assert.deepEqual(await names(models().get("ran")!), [
    `File ${models().get("ran")!.sha256.slice(0, 12)}`,
    "Contacted: https://c2.evil.example/tasks",
    "Contacted: c2.evil.example",
    "Contacted: 198.51.100.23",
  ]);
  assert.deepEqual(await names(models().get("pe")!), ["File d47712cceb4c", "YARA rule pe_loader"]);
  for (const benign of ["elf", "script", "empty", "noEngine"]) {
    assert.deepEqual(await names(models().get(benign)!), []);
  }
  const yara = all(await bundleOf(models().get("pe")!), "indicator").find(({ pattern_type }) =>
    pattern_type === "yara"
  );
  assert.equal(yara?.pattern, rule.text);
});

Deno.test("renderStix() makes no indicator of the file of no bytes, whatever an engine says", async () => {
  const empty = reports().get("empty")!;
  const verdict = { level: "malicious" as const, score: 90, summary: "Malicious: a mistake.", reasons: [] };
  const model = makeModel({ report: { ...empty, verdict }, organisation, visibility: reader });
  assert.deepEqual(all(await bundleOf(model), "indicator"), []);
});

Deno.test("renderStix() writes techniques under MITRE's ids, and unknown ones under ours", async () => {
  const bundle = await bundleOf(models().get("ran")!);
  const [known, unknown] = all(bundle, "attack-pattern");
  assert.equal(known?.id, "attack-pattern--9efb1ea7-c37b-4595-9640-b7680cd84279");
  assert.equal(known?.name, "Registry Run Keys / Startup Folder");
  assert.deepEqual(unknown?.external_references, [{ source_name: "mitre-attack", external_id: "T9999" }]);
});

Deno.test("renderStix() marks findings at their level, notes at theirs and the report at the most restricted", async () => {
  const bundle = await bundleOf(models().get("pe")!);
  const marking = (object: StixObject | undefined) => (object?.object_marking_refs as string[])[0];
  const about = (text: string) => all(bundle, "note").find(({ content }) => String(content).includes(text));
  assert.equal(marking(all(bundle, "report")[0]), markingId("red"));
  assert.equal(marking(about("Talks to")), markingId("red"));
  assert.equal(marking(about("not done after")), markingId("amber"));
  assert.equal(marking(all(bundle, "file")[0]), markingId("amber"));
  assert.equal(marking(all(bundle, "identity")[0]), markingId("clear"));
  assert.match(
    String(all(bundle, "report")[0]?.description),
    /Contains what its recipient may see at TLP:RED$/,
  );
});

Deno.test("renderStix() gives other views another report, and the same findings to both", async () => {
  const report = ran();
  const of = async (maxTlp: "green" | "amber", notes = [note].slice(1)) =>
    await bundleOf(makeModel({ report, organisation, visibility: { reader: null, maxTlp }, notes }));
  const [green, amber] = [await of("green"), await of("amber", [note])];
  const byId = new Map(amber.objects.map((object) => [object.id, JSON.stringify(object)]));
  const other = green.objects.filter((object) => byId.get(object.id) !== JSON.stringify(object));
  assert.deepEqual(other.map(({ type }) => type), ["report"]);
  assert(!byId.has(other[0]!.id));
});

Deno.test("renderStix() for MISP lists only files in analyses, under ids of its own", async () => {
  const model = models().get("pe")!;
  const misp = JSON.parse(renderStix(model, await testSettings("misp"))) as StixBundle;
  for (const { analysis_sco_refs: refs } of all(misp, "malware-analysis")) {
    assert(((refs ?? []) as string[]).every((id) => id.startsWith("file--")));
  }
  const ids = new Set(all(await bundleOf(model), "malware-analysis").map(({ id }) => id));
  assert(all(misp, "malware-analysis").every(({ id }) => !ids.has(id)));
});

Deno.test("renderStix() keeps created and ids over revisions and moves modified", async () => {
  const first = await bundleOf(makeModel({ report: ran(), organisation, visibility: reader }));
  const later = { ...ran(), revision: 3, finished: "2026-11-20T11:00:00.000Z" };
  const second = await bundleOf(makeModel({ report: later, organisation, visibility: reader }));
  const [before, after] = [all(first, "report")[0]!, all(second, "report")[0]!];
  assert.equal(before.id, after.id);
  assert.equal(before.created, after.created);
  assert(String(before.modified) < String(after.modified));
  assert.notEqual(first.id, second.id);
});

async function bundleOf(model: ReportModel): Promise<StixBundle> {
  return JSON.parse(renderStix(model, await testSettings())) as StixBundle;
}

function all({ objects }: StixBundle, type: string): StixObject[] {
  return objects.filter((object) => object.type === type);
}

const TYPES: Readonly<Record<string, IndicatorType>> = {
  url: "url",
  "domain-name": "domain",
  "ipv4-addr": "ipv4-addr",
  "ipv6-addr": "ipv6-addr",
  "email-addr": "email",
  mutex: "mutex",
  "windows-registry-key": "registry",
};

/** Reads the indicators of a bundle as an importer would. */
function indicatorsOf(bundle: StixBundle): string[] {
  const byId = new Map(bundle.objects.map((object) => [object.id, object]));
  const notes = all(bundle, "note").filter(({ abstract }) => abstract === "Values without a type of STIX");
  const parents = new Set(all(bundle, "file").map(({ parent_directory_ref }) => parent_directory_ref));
  return [
    ...bundle.objects.flatMap(({ type, value, name, key }) =>
      TYPES[type] === undefined ? [] : [`${TYPES[type]} ${value ?? name ?? key}`]
    ),
    ...all(bundle, "file").flatMap(({ name, parent_directory_ref: parent }) => {
      if (parent === undefined) return [];
      const folder = String(byId.get(String(parent))?.path);
      return [`path ${folder}${/[\\/]$/.test(folder) ? "" : folder.startsWith("/") ? "/" : "\\"}${name}`];
    }),
    ...all(bundle, "directory").filter(({ id }) => !parents.has(id)).map(({ path }) => `path ${path}`),
    ...notes.flatMap(({ content }) => String(content).split("\n").map((line) => line.replace("\t", " "))),
  ].sort();
}
