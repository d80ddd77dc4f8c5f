import { fields } from "../field/catalogue.ts";
import type { ModuleRun } from "../module/module.ts";
import { compareSsdeep, readSsdeep } from "../similarity/ssdeep.ts";
import { readTlsh, tlshDistance } from "../similarity/tlsh.ts";
import type { ReportComparison } from "./comparison.ts";
import { differenceOf, MAX_NAMED } from "./difference.ts";
import { type Findings, findingsOf, foundRuns } from "./findings.ts";
import { matchSections } from "./match_sections.ts";
import type { Report } from "./report.ts";
import { executableSections } from "./sections.ts";

/** Sections compared at most; a hostile file may name thousands. */
const MAX_SECTIONS = 500;
/** Fields whose values stand under facts, verdict and tags. */
const told = new Set([
  ...["sha256", "sha1", "md5", "sha512", "ssdeep", "tlsh", "size", "fileType", "mime", "magic"],
  ...["verdict", "score", "tag"],
]);

/** How two reports differ: the same reports give the same answer, in every order of modules and findings. Pure. */
export function compareReports(a: Report, b: Report): ReportComparison {
  const limits: string[] = [];
  const [inA, inB] = [findingsOf(a, foundRuns(a), new Set()), findingsOf(b, foundRuns(b), new Set())];
  const facts = factsOf(a, b);
  const verdict = verdictOf(a, b);
  const tags = differenceOf(tagsOf(a, inA), tagsOf(b, inB), String);
  const children = differenceOf(a.children, b.children, ({ sha256 }) => sha256);
  const values = fields.filter(({ name }) => !told.has(name) && (inA.has(name) || inB.has(name))).map(
    ({ name }) => ({
      field: name,
      ...differenceOf(inA.get(name) ?? [], inB.get(name) ?? [], (one) => String(one).toLowerCase()),
    }),
  );
  const strings = differenceOf(keptStrings(a), keptStrings(b), String);
  const modules = modulesOf(a, b);
  const [sectionsA, sectionsB] = [executableSections(a), executableSections(b)];
  if (Math.max(sectionsA.length, sectionsB.length) > MAX_SECTIONS) {
    limits.push(`sections: the first ${MAX_SECTIONS} of each compared`);
  }
  const sections = matchSections(sectionsA.slice(0, MAX_SECTIONS), sectionsB.slice(0, MAX_SECTIONS));
  const differences = [
    { name: "tags", counts: tags.counts },
    { name: "children", counts: children.counts },
    { name: "strings", counts: strings.counts },
    ...values.map(({ field, counts }) => ({ name: field, counts })),
  ];
  for (const { name, counts } of differences) {
    const most = Math.max(counts.onlyA, counts.onlyB);
    if (most > MAX_NAMED) limits.push(`${name}: ${MAX_NAMED} of ${most} differences named`);
  }
  return {
    a: headOf(a),
    b: headOf(b),
    sameSample: a.sha256 === b.sha256,
    same: facts.every(({ same }) => same) && verdict.same &&
      differences.every(({ counts }) => counts.onlyA + counts.onlyB === 0) &&
      modules.every(({ change }) => change === "same") && sections.every(({ change }) => change === "same"),
    similarity: similarityOf(a, b),
    facts,
    verdict,
    tags,
    children: { ...children, onlyA: children.onlyA.map(childOf), onlyB: children.onlyB.map(childOf) },
    fields: values,
    strings,
    modules,
    sections,
    limits,
  };
}

function headOf({ id, revision, sha256, name, fileType, size, finished }: Report): ReportComparison["a"] {
  return { id, revision, sha256, name, fileType, size, finished };
}

function childOf({ sha256, name }: Report["children"][number]) {
  return { sha256, name };
}

function similarityOf(a: Report, b: Report): ReportComparison["similarity"] {
  const read = <T>(text: string | undefined, by: (text: string) => T | null) =>
    text === undefined ? null : by(text);
  const [ssdeepA, ssdeepB] = [read(a.digests.ssdeep, readSsdeep), read(b.digests.ssdeep, readSsdeep)];
  const [tlshA, tlshB] = [read(a.digests.tlsh, readTlsh), read(b.digests.tlsh, readTlsh)];
  return {
    ssdeep: ssdeepA && ssdeepB && compareSsdeep(ssdeepA, ssdeepB),
    tlsh: tlshA && tlshB && tlshDistance(tlshA, tlshB),
  };
}

function factsOf(a: Report, b: Report): ReportComparison["facts"] {
  const names = ["sha256", "sha1", "md5", "sha512", "ssdeep", "tlsh"] as const;
  const pairs: [string, string | number | null | undefined, string | number | null | undefined][] = [
    ...names.map((
      name,
    ): [string, string | undefined, string | undefined] => [name, a.digests[name], b.digests[name]]),
    ...(["size", "fileType", "mime", "magic"] as const).map((
      name,
    ): [string, string | number | null, string | number | null] => [
      name,
      a[name],
      b[name],
    ]),
  ];
  return pairs.map(([name, one = null, other = null]) => ({ name, a: one, b: other, same: one === other }));
}

function verdictOf({ verdict: a }: Report, { verdict: b }: Report): ReportComparison["verdict"] {
  const { onlyA, onlyB } = differenceOf(a.reasons, b.reasons, ({ heuristic }) => heuristic);
  const others = new Map(b.reasons.map((reason) => [reason.heuristic, reason]));
  const both = a.reasons.flatMap((reason) => {
    const other = others.get(reason.heuristic);
    if (other === undefined) return [];
    const changed = reason.score !== other.score ||
      JSON.stringify(reason.evidence.toSorted()) !== JSON.stringify(other.evidence.toSorted());
    return [{ heuristic: reason.heuristic, title: reason.title, changed }];
  }).sort((x, y) => x.heuristic < y.heuristic ? -1 : 1);
  const side = ({ level, score }: Report["verdict"]) => ({ level, score });
  const same = a.level === b.level && a.score === b.score && onlyA.length + onlyB.length === 0 &&
    both.every(({ changed }) => !changed);
  return { a: side(a), b: side(b), same, reasons: { onlyA, onlyB, both } };
}

function tagsOf(report: Report, findings: Findings): string[] {
  return [...findings.get("tag") ?? [], ...report.tags].map(String);
}

/** The strings that the `strings` module kept in the report; the full list lies beside the sample. */
function keptStrings(report: Report): string[] {
  return foundRuns(report).flatMap(({ module, raw }) => {
    if (module !== "strings" || raw === null || typeof raw !== "object" || Array.isArray(raw)) return [];
    const sample = raw["sample"];
    return Array.isArray(sample) ? sample.filter((one) => typeof one === "string") : [];
  });
}

function modulesOf(a: Report, b: Report): ReportComparison["modules"] {
  const [inA, inB] = [a, b].map((report) =>
    new Map(report.modules.map((run) => [run.module as string, run]))
  );
  const names = [...new Set([...inA!.keys(), ...inB!.keys()])].sort();
  return names.map((module) => {
    const [one, other] = [inA!.get(module), inB!.get(module)];
    return { module, change: changeOf(one, other), a: endOf(one), b: endOf(other) };
  });
}

function changeOf(a?: ModuleRun, b?: ModuleRun): ReportComparison["modules"][number]["change"] {
  if (a === undefined) return "onlyB";
  if (b === undefined) return "onlyA";
  if (a.status !== b.status) return "status";
  if (a.version !== b.version || a.definition !== b.definition) return "version";
  return findingsText(a) === findingsText(b) ? "same" : "findings";
}

function findingsText(run: ModuleRun): string {
  return run.status === "ok" ? run.observations.map((one) => JSON.stringify(one)).sort().join("\n") : "";
}

function endOf(run?: ModuleRun): ReportComparison["modules"][number]["a"] {
  if (run === undefined) return null;
  const { status, version, definition } = run;
  return {
    status,
    version,
    definition,
    reason: "reason" in run ? run.reason : null,
    observations: run.status === "ok" ? run.observations.length : 0,
  };
}
