import {
  IMPORT_LIMITS,
  type ImportedHash,
  type ImportOptions,
  type ImportReading,
  readCsv,
  type Tlp,
  tlpLevels,
  UnreadableImportError,
} from "@assay/core";
import { z } from "zod";
import { shown } from "../model/shown.ts";
import { algorithmOf, type Digest, digestOf, strongestOf } from "./hash.ts";
import { makeRemarks } from "./remarks.ts";

type Listed = ImportedHash | { readonly why: string } | null;

/** A hash a line, anything after it as its note, as `sha256sum` writes; empty lines and those that begin with `#` are skipped. */
export function readLines(text: string, options: ImportOptions): ImportReading {
  return collect(linesOf(text), { what: "line", before: 0 }, (line) => {
    if (/^\s*(#|$)/.test(line)) return null;
    const [, word = "", rest = ""] = /^\s*([^\s,;]+)[\s,;]*(.*)$/.exec(line) ?? [];
    const digest = digestOf(word);
    if (digest === null) return { why: `expected a SHA-256, SHA-1 or MD5, got '${word.slice(0, 80)}'` };
    return listed(digest, options, { note: rest.replace(/^\*/, "") });
  });
}

/** Names of columns, without dashes and spaces. */
const COLUMNS = {
  value: ["hash", "value", "indicator", "ioc", "observable"],
  note: ["note", "comment", "description", "family", "signature", "malware", "name", "filename"],
  verdict: ["verdict"],
  tlp: ["tlp"],
} as const;

/** A table: with names of columns in its first row, or with a hash in each. */
export function readTable(text: string, options: ImportOptions): ImportReading {
  const rows = readCsv(text);
  const first = rows.next();
  const head = first.done ? [] : first.value;
  const isNamed = !head.some((cell) => digestOf(cell.trim()) !== null);
  const names = isNamed ? head.map((cell) => cell.trim().toLowerCase().replace(/[-_ ]/g, "")) : [];
  if (isNamed && !names.some((name) => algorithmOf(name) !== null || isOne(COLUMNS.value, name))) {
    throw new UnreadableImportError(
      "Cannot read table: expected a column 'sha256', 'sha1', 'md5' or 'hash' in its first row",
    );
  }
  return collect(
    isNamed ? rows : withFirst(head, rows),
    { what: "row", before: isNamed ? 1 : 0 },
    (cells) => {
      if (cells.every((cell) => cell.trim() === "")) return null;
      const digest = isNamed
        ? digestIn(names, cells)
        : cells.map((cell) => digestOf(cell.trim())).find((one) => one !== null) ?? null;
      if (digest === null) return { why: "expected a SHA-256, SHA-1 or MD5" };
      const cell = (column: keyof typeof COLUMNS) =>
        COLUMNS[column].map((name) => cells[names.indexOf(name)]?.trim()).find((text) => text) ?? "";
      return listed(digest, options, { note: cell("note"), verdict: cell("verdict"), tlp: cell("tlp") });
    },
  );
}

const KnownEntry = z.object({
  algorithm: z.enum(["sha256", "sha1", "md5"]),
  value: z.string().max(64),
  verdict: z.enum(["good", "bad"]).optional(),
  source: z.string().max(200).optional(),
  note: z.string().max(1000).nullish(),
  tlp: z.string().max(20).optional(),
});

/** Entries as `PUT /hashes` takes them: `{ "hashes": […] }`, or the list alone. */
export function readKnown(value: unknown, options: ImportOptions): ImportReading {
  const entries: unknown = Array.isArray(value) ? value : (value as { hashes?: unknown } | null)?.hashes;
  if (!Array.isArray(entries)) {
    throw new UnreadableImportError("Cannot read known hashes: expected a list, or an object with 'hashes'");
  }
  return collect(entries as unknown[], { what: "entry", before: 0 }, (entry) => {
    const parsed = KnownEntry.safeParse(entry);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return { why: `${issue!.path.join(".") || "entry"}: ${issue!.message}` };
    }
    const { algorithm, value, source, note, verdict, tlp } = parsed.data;
    const digest = digestOf(value);
    if (digest?.algorithm !== algorithm) {
      return { why: `value: expected the digits of a digest by ${algorithm}` };
    }
    const said = [source, note].filter((text) => text).join(": ");
    return listed(digest, options, { note: said, verdict: verdict ?? "", tlp: tlp ?? "" });
  });
}

/** Reads each part; `before` is how many parts of that kind came before the first. */
function collect<T>(
  parts: Iterable<T>,
  { what, before }: { what: string; before: number },
  read: (part: T) => Listed,
): ImportReading {
  const refused = makeRemarks();
  const hashes = new Map<string, ImportedHash>();
  let [at, objects] = [before, 0];
  for (const part of parts) {
    at++;
    const found = read(part);
    if (found === null) continue;
    objects++;
    if ("why" in found) refused.add(`${what} ${at}`, found.why);
    else if (!hashes.has(found.value)) hashes.set(found.value, found);
    if (hashes.size > IMPORT_LIMITS.hashes) {
      throw new UnreadableImportError(
        `Cannot read file: expected at most ${IMPORT_LIMITS.hashes} hashes; send it in parts`,
      );
    }
  }
  const nothing = makeRemarks().all();
  return { objects, hashes: [...hashes.values()], texts: [], refused: refused.all(), notUnderstood: nothing };
}

function listed(
  { algorithm, value }: Digest,
  options: ImportOptions,
  said: { note: string; verdict?: string; tlp?: string },
): Listed {
  const tlp = said.tlp ? tlpNamed(said.tlp) : options.tlp;
  if (tlp === null) return { why: `tlp: expected ${tlpLevels.join(", ")}, got '${said.tlp}'` };
  const word = (said.verdict ?? "").toLowerCase();
  const verdict = { "": options.verdict, good: "good", bad: "bad", benign: "good", malicious: "bad" }[word];
  if (verdict !== "good" && verdict !== "bad") {
    return { why: `verdict: expected good or bad, got '${word}'` };
  }
  const note = shown(said.note.trim(), 1000);
  return { algorithm, value, verdict, tlp, note: note === "" ? null : note };
}

function tlpNamed(text: string): Tlp | null {
  const name = text.trim().toLowerCase().replace(/^tlp:/, "");
  return name === "white" ? "clear" : tlpLevels.find((level) => level === name) ?? null;
}

function digestIn(names: readonly string[], cells: readonly string[]): Digest | null {
  const byName = Object.fromEntries(names.map((name, at) => [name, (cells[at] ?? "").trim()]));
  const value = COLUMNS.value.map((name) => byName[name]).find((text) => text);
  return strongestOf(byName) ?? (value === undefined ? null : digestOf(value));
}

function isOne(names: readonly string[], name: string): boolean {
  return names.includes(name);
}

function* withFirst(first: string[], rest: Iterable<string[]>): Generator<string[]> {
  if (first.length > 0) yield first;
  yield* rest;
}

function* linesOf(text: string): Generator<string> {
  let at = text.startsWith("\ufeff") ? 1 : 0;
  for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) {
    yield text.slice(at, index);
    at = index + end.length;
  }
  yield text.slice(at);
}
