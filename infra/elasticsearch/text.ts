import type { Report } from "@assay/core";
import type { FoundRun } from "./findings.ts";
import { markWords } from "./words.ts";

/** How much text of one sample can be searched: strings, and UTF-16 code units. */
export const MAX_STRINGS = 2000;
export const MAX_TEXT_LENGTH = 65_536;
/** A string is searched by its first so many code units. */
const MAX_STRING_LENGTH = 4096;
/** Values of raw output that can be searched as fields. */
const MAX_RAW_VALUES = 2000;
/** Elasticsearch refuses deeper ones. */
const MAX_RAW_DEPTH = 18;

/** What full text and raw fields are made from. */
export interface SearchText {
  /** Words by module. */
  readonly text: Record<string, string[]>;
  /** Raw output that Elasticsearch can take as a flattened field, by module. The rest is only kept. */
  readonly raw: Record<string, unknown>;
}

/** Gathers the text of module output in the order given, each module its fair share of the bounds. */
export function searchTextOf(runs: readonly FoundRun[], limits: Set<string>): SearchText {
  const raw: Record<string, unknown> = {};
  let rawValues = 0;
  const gathered: { module: string; strings: Set<string>; length: number }[] = [];
  for (const run of runs) {
    const strings = new Set<string>();
    const walk = { strings, values: 0, searchable: true };
    if (run.raw !== null) gather(run.raw, 0, walk);
    if (run.raw !== null && typeof run.raw === "object" && walk.searchable) {
      if (rawValues + walk.values <= MAX_RAW_VALUES) {
        rawValues += walk.values;
        raw[run.module] = run.raw;
      } else {limits.add(
          `search: raw output of ${run.module} is kept but its fields are not searchable (too many)`,
        );}
    } else if (!walk.searchable) {
      limits.add(
        `search: raw output of ${run.module} is kept but its fields are not searchable (their names)`,
      );
    }
    gatherObservations(run, strings);
    let length = 0;
    for (const string of strings) length += Math.min(string.length, MAX_STRING_LENGTH);
    if (length > 0) gathered.push({ module: run.module, strings, length });
  }
  return { text: share(gathered, limits), raw };
}

function gather(
  value: unknown,
  depth: number,
  walk: { readonly strings: Set<string>; values: number; searchable: boolean },
): void {
  if (typeof value === "string") {
    walk.values++;
    if (value.length > 2) walk.strings.add(value);
    return;
  }
  if (typeof value !== "object" || value === null) {
    walk.values++;
    return;
  }
  if (depth >= MAX_RAW_DEPTH) {
    walk.searchable = false;
    return;
  }
  if (Array.isArray(value)) {
    for (const item of value) gather(item, depth + 1, walk);
    return;
  }
  for (const key in value) {
    if (key === "" || key.length > 256 || key.includes("\0")) walk.searchable = false;
    gather((value as Record<string, unknown>)[key], depth + 1, walk);
  }
}

function gatherObservations(run: FoundRun, strings: Set<string>): void {
  for (const observation of run.observations) {
    switch (observation.type) {
      case "detection":
        strings.add(observation.label);
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
        for (const row of observation.rows) {
          for (const cell of row) if (typeof cell === "string" && cell.length > 2) strings.add(cell);
        }
        break;
      // What the field itself finds need not be found twice.
      case "property":
      case "observable":
        if (typeof observation.value === "string") strings.delete(observation.value);
        break;
    }
  }
}

/** Short modules keep all; the longest share what is left. */
function share(
  gathered: { module: string; strings: Set<string>; length: number }[],
  limits: Set<string>,
): Record<string, string[]> {
  const text: Record<string, string[]> = {};
  let strings = MAX_STRINGS;
  let length = MAX_TEXT_LENGTH;
  gathered.sort((a, b) => a.length - b.length);
  gathered.forEach((entry, index) => {
    const left = gathered.length - index;
    const kept = take(entry.strings, Math.floor(strings / left), Math.floor(length / left));
    strings -= kept.strings.length;
    length -= kept.length;
    if (kept.strings.length > 0) text[entry.module] = kept.strings;
    if (kept.strings.length < entry.strings.size) {
      limits.add(
        `search: ${kept.strings.length} of ${entry.strings.size} texts of ${entry.module} searchable`,
      );
    }
  });
  return text;
}

function take(strings: Set<string>, most: number, longest: number): { strings: string[]; length: number } {
  const kept: string[] = [];
  let length = 0;
  for (const string of strings) {
    const part = string.length > MAX_STRING_LENGTH ? string.slice(0, MAX_STRING_LENGTH) : string;
    if (kept.length >= most || length + part.length > longest) break;
    kept.push(markWords(part));
    length += part.length;
  }
  return { strings: kept, length };
}

/** The whole report without the raw output that is kept as a field of its own. */
export function withoutRaw(report: Report, raw: Readonly<Record<string, unknown>>): unknown {
  return {
    ...report,
    modules: report.modules.map((run) =>
      run.status === "ok" && raw[run.module] !== undefined ? { ...run, raw: undefined } : run
    ),
  };
}
