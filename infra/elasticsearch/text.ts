import { type FoundRun } from "@assay/core";
import { markWords } from "./words.ts";

/** How much text of one sample can be searched: strings, and UTF-16 code units. */
export const MAX_STRINGS = 2000;
export const MAX_TEXT_LENGTH = 65_536;
/** A string is searched by its first so many code units. */
const MAX_STRING_LENGTH = 4096;
/** Output nested deeper is not searched. */
const MAX_DEPTH = 64;

interface ModuleText {
  readonly module: string;
  readonly strings: ReadonlySet<string>;
  readonly length: number;
}

/**
 * The words of each module's output, one string a line, in the order given. Short modules keep all, the longest share
 * what the bounds leave; what is left out is named in `limits`.
 */
export function searchTextOf(runs: readonly FoundRun[], limits: Set<string>): Record<string, string> {
  const modules: ModuleText[] = [];
  for (const run of runs) {
    const strings = stringsOf(run);
    let length = 0;
    for (const string of strings) length += Math.min(string.length, MAX_STRING_LENGTH);
    if (length > 0) modules.push({ module: run.module, strings, length });
  }
  return share(modules, limits);
}

/** Each text of a run's output once, but for values that have a field of their own. */
export function stringsOf(run: FoundRun): Set<string> {
  const strings = new Set<string>();
  visitTexts(run, (text) => {
    strings.add(text);
    return true;
  });
  for (const value of fieldValuesOf(run)) strings.delete(value);
  return strings;
}

/** Values that a field finds, and that need not be found twice. */
export function* fieldValuesOf(run: FoundRun): Generator<string> {
  for (const observation of run.observations) {
    const isField = observation.type === "property" || observation.type === "observable";
    if (isField && typeof observation.value === "string") yield observation.value;
  }
}

/** Shows each text of a run's output, some more than once, until `visit` has had enough and gives false. */
export function visitTexts(run: FoundRun, visit: (text: string) => boolean): boolean {
  const short = (text: string) => text.length <= 2 || visit(text);
  return gather(run.raw, 0, short) && run.observations.every((observation) => {
    switch (observation.type) {
      case "detection":
        return Object.values(observation.meta ?? {}).every(visit);
      case "technique":
        return visit(observation.reason);
      case "child":
        return visit(observation.name);
      case "section":
        return visit(observation.title) && gather(observation.rows, 0, short);
      default:
        return true;
    }
  });
}

/** False once `visit` gave false. */
function gather(value: unknown, depth: number, visit: (text: string) => boolean): boolean {
  if (typeof value === "string") return visit(value);
  if (typeof value !== "object" || value === null || depth >= MAX_DEPTH) return true;
  for (const item of Array.isArray(value) ? value : Object.values(value)) {
    if (!gather(item, depth + 1, visit)) return false;
  }
  return true;
}

function share(modules: ModuleText[], limits: Set<string>): Record<string, string> {
  const text: Record<string, string> = {};
  let strings = MAX_STRINGS;
  let length = MAX_TEXT_LENGTH;
  modules.sort((a, b) => a.length - b.length);
  for (const [index, { module, strings: found }] of modules.entries()) {
    const left = modules.length - index;
    const kept = take(found, Math.floor(strings / left), Math.floor(length / left));
    strings -= kept.count;
    length -= kept.text.length;
    if (kept.count > 0) text[module] = markWords(kept.text);
    if (kept.count < found.size) {
      limits.add(`search: ${kept.count} of ${found.size} texts of ${module} searchable`);
    }
  }
  return text;
}

function take(strings: ReadonlySet<string>, most: number, longest: number): { text: string; count: number } {
  const kept: string[] = [];
  let length = 0;
  for (const string of strings) {
    const part = string.length > MAX_STRING_LENGTH ? string.slice(0, MAX_STRING_LENGTH) : string;
    if (kept.length >= most || length + part.length > longest) break;
    kept.push(part);
    length += part.length + 1;
  }
  return { text: kept.join("\n"), count: kept.length };
}
