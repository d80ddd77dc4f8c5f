import { digestAlgorithms, observableKinds, type Observation, Sha256 } from "@assay/core";
import type { Json } from "../module/define.ts";
import { OUTPUT } from "./protocol.ts";

/** Findings of a run after checking: safe to store, whatever the module or the sample did. */
export interface CheckedFindings {
  readonly observations: Observation[];
  readonly raw: Json;
  /** What was left out, in words. */
  readonly limits: readonly string[];
}

/** Deeper JSON is cut: readers and stores recurse. */
const MAX_DEPTH = 32;
const CELLS = 20;
const ROWS = 5000;

const decoder = new TextDecoder();
/** What JSON text holds only if a string in it has a lone surrogate or a NUL (or a harmless look-alike). */
const unstorable = /\\u(?:d[89a-f]|0000)/i;

/**
 * Parses what a child wrote: observations that aren't one are dropped, over-long strings cut, lone surrogates and NULs
 * made U+FFFD. By hand because it runs over every observation of every sample.
 * @throws {SyntaxError} where it is no JSON
 */
export function checkFindings(
  module: string,
  observations: Uint8Array,
  raw: Uint8Array | null,
): CheckedFindings {
  const given = parse(observations);
  if (!Array.isArray(given)) throw new SyntaxError("Cannot read observations: expected a list");
  return { ...checkObservations(module, given), raw: raw === null ? null : parse(raw) };
}

/** The same for findings that came another way than from a child; they may share objects with what was given. */
export function checkObservations(
  module: string,
  given: readonly unknown[],
): Pick<CheckedFindings, "observations" | "limits"> {
  const kept: Observation[] = [];
  const count = { rows: 0 };
  for (const one of given) {
    if (kept.length === OUTPUT.observations) break;
    const checked = checkObservation(one, count);
    if (checked !== null) kept.push(checked);
  }
  const limits = kept.length < given.length
    ? [`${module}: ${kept.length} of ${given.length} observations kept`]
    : [];
  return { observations: kept, limits };
}

/** JSON as it may be stored. @throws {SyntaxError} */
export function parse(bytes: Uint8Array): Json {
  const text = decoder.decode(bytes);
  return tidy(JSON.parse(text), unstorable.test(text), 0);
}

/** The same value without what can't be stored, changed in place. */
function tidy(value: Json, dirty: boolean, depth: number): Json {
  if (typeof value === "string") return dirty ? storable(value) : value;
  if (typeof value !== "object" || value === null) return value;
  if (depth === MAX_DEPTH) return null;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const inner = value[i]!;
      if (dirty || typeof inner === "object") value[i] = tidy(inner, dirty, depth + 1);
    }
    return value;
  }
  for (const [key, inner] of Object.entries(value)) {
    const name = dirty ? storable(key) : key;
    const tidied = tidy(inner, dirty, depth + 1);
    if (name !== key) delete value[key];
    // Defined, not set: `__proto__` is a key like any other here.
    if (name !== key || tidied !== inner) Object.defineProperty(value, name, { ...plain, value: tidied });
  }
  return value;
}

const plain = { writable: true, enumerable: true, configurable: true };

/** Without lone surrogates and NULs, which the stores refuse. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\uFFFD");
}

function cut(value: unknown, most = 4096): string | null {
  if (typeof value !== "string") return null;
  if (value.length <= most) return value;
  return `${value.slice(0, most - 1).toWellFormed()}…`;
}

const kinds: ReadonlySet<unknown> = new Set(observableKinds);
const algorithms: ReadonlySet<unknown> = new Set(digestAlgorithms);
const meanings: ReadonlySet<unknown> = new Set(["malicious", "suspicious", "informational"]);

/** The observation with only what belongs to it; null where it isn't one. Kept in step with core's schema by a test. */
// deno-lint-ignore no-explicit-any
function checkObservation(given: any, count: { rows: number }): Observation | null {
  if (typeof given !== "object" || given === null) return null;
  switch (given.type) {
    case "detection": {
      const engine = cut(given.engine);
      const label = cut(given.label);
      if (engine === null || label === null || !meanings.has(given.verdict)) return null;
      const family = cut(given.family);
      const meta = checkMeta(given.meta);
      return {
        type: "detection",
        engine,
        label,
        verdict: given.verdict,
        ...family === null ? {} : { family },
        ...meta === null ? {} : { meta },
      };
    }
    case "observable": {
      const value = cut(given.value);
      if (value === null || !kinds.has(given.kind)) return null;
      const source = cut(given.source);
      return { type: "observable", kind: given.kind, value, ...source === null ? {} : { source } };
    }
    case "tag": {
      const value = cut(given.value, 64);
      return value === null ? null : { type: "tag", value };
    }
    case "technique": {
      const reason = cut(given.reason);
      if (reason === null || typeof given.id !== "string" || !/^T\d{4}(\.\d{3})?$/.test(given.id)) {
        return null;
      }
      return { type: "technique", id: given.id, reason };
    }
    case "feature":
      if (typeof given.value !== "number" || typeof given.name !== "string") return null;
      if (!/^[a-z][a-zA-Z0-9.]{0,63}$/.test(given.name)) return null;
      return { type: "feature", name: given.name, value: given.value };
    case "digest": {
      const value = cut(given.value, 256);
      return value === null || !algorithms.has(given.algorithm)
        ? null
        : { type: "digest", algorithm: given.algorithm, value };
    }
    case "child": {
      const name = cut(given.name);
      const sha256 = Sha256.safeParse(given.sha256);
      if (name === null || !sha256.success || !Number.isSafeInteger(given.size) || given.size < 0) {
        return null;
      }
      return { type: "child", sha256: sha256.data, size: given.size, name };
    }
    case "property": {
      const value = typeof given.value === "string" ? cut(given.value) : given.value;
      if (typeof given.field !== "string" || given.field.length > 64) return null;
      if (typeof value !== "string" && typeof value !== "number" && typeof value !== "boolean") return null;
      return { type: "property", field: given.field, value };
    }
    case "section":
      return checkSection(given, count);
    default:
      return null;
  }
}

function checkMeta(given: unknown): Record<string, string> | null {
  if (typeof given !== "object" || given === null) return null;
  const entries = Object.entries(given).slice(0, 50).flatMap(([key, value]) => {
    const short = cut(value, 1024);
    return short === null ? [] : [[key.slice(0, 100).toWellFormed(), short]];
  });
  return Object.fromEntries(entries);
}

// deno-lint-ignore no-explicit-any
function checkSection(given: any, count: { rows: number }): Observation | null {
  const title = cut(given.title, 200);
  if (title === null || !Array.isArray(given.columns) || !Array.isArray(given.rows)) return null;
  const columns = given.columns.slice(0, CELLS).map((column: unknown) => cut(column, 100) ?? "");
  const rows: (string | number | boolean | null)[][] = [];
  for (const row of given.rows) {
    // Rows of all sections together are bounded too, since sections may come many times.
    if (rows.length === ROWS || count.rows === OUTPUT.observations) break;
    if (!Array.isArray(row)) continue;
    count.rows++;
    rows.push(row.slice(0, CELLS).map(checkCell));
  }
  const total = Number.isSafeInteger(given.total) && given.total >= rows.length
    ? given.total
    : given.rows.length;
  return { type: "section", title, columns, rows, total };
}

function checkCell(cell: unknown): string | number | boolean | null {
  return typeof cell === "number" || typeof cell === "boolean" ? cell : cut(cell);
}
