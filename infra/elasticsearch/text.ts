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

/** Each text of a run's output, but for values that have a field of their own. */
export function stringsOf(run: FoundRun): Set<string> {
  const strings = new Set<string>();
  gather(run.raw, 0, strings);
  gatherObservations(run, strings);
  return strings;
}

function gather(value: unknown, depth: number, strings: Set<string>): void {
  if (typeof value === "string") {
    if (value.length > 2) strings.add(value);
    return;
  }
  if (typeof value !== "object" || value === null || depth >= MAX_DEPTH) return;
  for (const item of Array.isArray(value) ? value : Object.values(value)) gather(item, depth + 1, strings);
}

function gatherObservations(run: FoundRun, strings: Set<string>): void {
  for (const observation of run.observations) {
    switch (observation.type) {
      case "detection":
        for (const key in observation.meta) strings.add(observation.meta[key]!);
        break;
      case "technique":
        strings.add(observation.reason);
        break;
      case "child":
        strings.add(observation.name);
        break;
      case "section":
        strings.add(observation.title);
        for (const row of observation.rows) gather(row, 0, strings);
        break;
      // What a field finds need not be found twice.
      case "property":
      case "observable":
        if (typeof observation.value === "string") strings.delete(observation.value);
        break;
    }
  }
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
