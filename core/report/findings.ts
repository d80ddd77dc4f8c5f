import { type Field, findField } from "../field/catalogue.ts";
import type { ModuleRun } from "../module/module.ts";
import { isIp } from "../query/value.ts";
import type { Report } from "./report.ts";

/** Values by field name, without duplicates. */
export type Findings = Map<string, Set<string | number | boolean>>;

/** How many values of one field a document holds. */
export const MAX_VALUES = 1000;

/** A module run that found something. */
export type FoundRun = Extract<ModuleRun, { status: "ok" }>;

/** Runs that found something. */
export function foundRuns(report: Report): FoundRun[] {
  return report.modules.filter((run): run is FoundRun => run.status === "ok");
}

/**
 * Turns the observations of these runs into values of the catalogue's fields. What does not fit (an unknown field, a
 * value of another type, more than {@link MAX_VALUES}) is left out and named in `limits`.
 */
export function findingsOf(report: Report, runs: readonly FoundRun[], limits: Set<string>): Findings {
  const findings: Findings = new Map();
  const add = (name: string, value: string | number | boolean) => {
    let values = findings.get(name);
    if (values === undefined) findings.set(name, values = new Set());
    values.add(value);
  };
  for (const name of ["md5", "sha1", "sha256", "sha512", "ssdeep", "tlsh"] as const) {
    const value = report.digests[name];
    if (value !== undefined) add(name, storedValue(findField(name)!, value) ?? value);
  }
  add("sha256", report.sha256);
  add("size", report.size);
  add("fileType", report.fileType);
  add("mime", report.mime);
  if (report.magic !== null) add("magic", report.magic);
  add("verdict", report.verdict.level);
  add("score", report.verdict.score);
  for (const reason of report.verdict.reasons) for (const id of reason.attack) add("attack", id);
  for (const run of runs) {
    for (const observation of run.observations) {
      switch (observation.type) {
        case "property": {
          const field = findField(observation.field);
          const value = field?.property ? storedValue(field, observation.value) : null;
          if (value === null) {
            limits.add(`${run.module}: no field ${observation.field} for a value such as given`);
          } else add(observation.field, value);
          break;
        }
        case "observable": {
          const value = storedValue(findField(observation.kind)!, observation.value);
          if (value !== null) add(observation.kind, value);
          break;
        }
        case "detection":
          if (observation.engine === "yara") add("yara.rule", observation.label);
          else add("av.label", observation.label);
          if (observation.family !== undefined) add("family", observation.family);
          break;
        case "tag":
          add("tag", observation.value);
          break;
        case "technique":
          add("attack", observation.id);
          break;
      }
    }
  }
  for (const [name, values] of findings) {
    if (values.size <= MAX_VALUES) continue;
    limits.add(`search: ${MAX_VALUES} of ${values.size} values of ${name} kept`);
    findings.set(name, new Set([...values].slice(0, MAX_VALUES)));
  }
  return findings;
}

/** Which modules found values of each `name` field, so that a match in one can say whose finding it is. */
export function sourcesOf(runs: readonly FoundRun[]): Record<string, string[]> {
  const sources: Record<string, string[]> = {};
  for (const run of runs) {
    const names = new Set<string>();
    for (const observation of run.observations) {
      if (observation.type === "property") names.add(observation.field);
      else if (observation.type === "observable") names.add(observation.kind);
      else if (observation.type === "detection" && observation.engine !== "yara") names.add("av.label");
    }
    for (const name of names) if (findField(name)?.type === "name") (sources[name] ??= []).push(run.module);
  }
  return sources;
}

/** The value as its field keeps it; null where it isn't of the field's type. */
function storedValue(field: Field, value: string | number | boolean): string | number | boolean | null {
  switch (field.type) {
    case "keyword":
      return field.letters === "lower" ? String(value).toLowerCase() : String(value);
    case "name":
    case "text":
      return String(value);
    case "long":
      return Number.isSafeInteger(value) ? value : null;
    case "double":
      return Number.isFinite(value) ? value : null;
    case "boolean":
      return typeof value === "boolean" ? value : null;
    case "ip":
      return typeof value === "string" && isIp(value) ? value : null;
    case "date":
      return typeof value === "string" ? instant(value) : null;
  }
}

function instant(text: string): string | null {
  const at = Date.parse(text);
  return Number.isNaN(at) || at < -62_135_596_800_000 || at > 253_402_300_799_999
    ? null
    : new Date(at).toISOString();
}
