import { type Field, fields, findField } from "../field/catalogue.ts";

/** A field as a query names it: one of the catalogue, or a member of a family. */
export type QueryField = Pick<Field, "name" | "type" | "letters" | "submission" | "annotation">;

const byLowerName = new Map(fields.map((field) => [field.name.toLowerCase(), field]));

/** Fields whose names are made by submitters and modules, within bounds. */
export interface FieldFamily {
  /** How its members are named, e.g. `metadata.<name>`. */
  readonly name: string;
  readonly pattern: RegExp;
  readonly type: "keyword" | "text";
  readonly submission: boolean;
  readonly description: string;
  readonly example: string;
}

/** Every family, once. */
export const fieldFamilies: readonly FieldFamily[] = [
  {
    name: "metadata.<name>",
    pattern: /^metadata\.[A-Za-z][A-Za-z0-9_-]{0,39}$/,
    type: "keyword",
    submission: true,
    description: "What a submission's metadata says under that name",
    example: 'metadata.case:"Case 42"',
  },
  {
    name: "module.<module>.status",
    pattern: /^module\.[a-z][a-z0-9-]{0,39}\.(status|version)$/,
    type: "keyword",
    submission: false,
    description: "How a module's run ended; `module.<module>.version` for the version of its tool",
    example: "module.yara.status:timeout",
  },
  {
    name: "text.<module>",
    pattern: /^text\.[a-z][a-z0-9-]{0,39}$/,
    type: "text",
    submission: false,
    description: "Words of one module's output",
    example: 'text.pe:"rich header"',
  },
  {
    name: "raw.<module>.<path>",
    pattern: /^raw\.[a-z][a-z0-9-]{0,39}(\.[A-Za-z0-9_-]{1,64}){0,18}$/,
    type: "keyword",
    submission: false,
    description: "A value of one module's raw output, in reports only",
    example: "raw.pe.header.machine:amd64",
  },
];

/**
 * The field of that name, in any case: of the catalogue, or of the families `metadata.<name>`,
 * `module.<module>.status`, `module.<module>.version`, `text.<module>` (its words) and `raw.<module>.<path>`
 * (its raw output, reports only). Undefined where there is none.
 */
export function queryField(name: string): QueryField | undefined {
  const field = findField(name) ?? byLowerName.get(name.toLowerCase());
  if (field !== undefined) return field;
  const family = fieldFamilies.find(({ pattern }) => pattern.test(name));
  if (family === undefined) return undefined;
  return { name, type: family.type, letters: "any", submission: family.submission, annotation: false };
}

/** The name most like an unknown one: what it may be short for, or two typing slips away. Null where none is near. */
export function nearestField(name: string): string | null {
  if (name.length > 64) return null;
  const wanted = name.toLowerCase();
  const names = fields.map((field) => field.name);
  const longer = names.find((known) => known.toLowerCase().endsWith(`.${wanted}`));
  if (longer !== undefined) return longer;
  let nearest: string | null = null;
  let least = name.length < 4 ? 2 : 3;
  for (const known of names) {
    const slips = distance(wanted, known.toLowerCase());
    if (slips < least) [nearest, least] = [known, slips];
  }
  return nearest;
}

/** Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours (Damerau 1964). */
function distance(a: string, b: string): number {
  let earlier: number[] = [];
  let before = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const now = [row];
    for (let column = 1; column <= b.length; column++) {
      const change = before[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swap = row > 1 && column > 1 && swapped ? earlier[column - 2]! + 1 : Infinity;
      now.push(Math.min(change, swap, before[column]! + 1, now[column - 1]! + 1));
    }
    [earlier, before] = [before, now];
  }
  return before[b.length]!;
}
