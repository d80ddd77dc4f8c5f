import { type Field, fields, findField } from "../field/catalogue.ts";

/** A field as a query names it: one of the catalogue, or a member of a family. */
export type QueryField = Pick<Field, "name" | "type" | "letters" | "submission" | "annotation" | "many">;

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
    description: "A value of one module's raw output",
    example: "raw.pe.header.machine:amd64",
  },
];

/**
 * The field of that name, in any case: of the catalogue, or of the families `metadata.<name>`,
 * `module.<module>.status`, `module.<module>.version`, `text.<module>` (its words) and `raw.<module>.<path>`
 * (its raw output). Undefined where there is none.
 */
export function queryField(name: string): QueryField | undefined {
  const field = findField(name) ?? byLowerName.get(name.toLowerCase());
  if (field !== undefined) return field;
  const family = fieldFamilies.find(({ pattern }) => pattern.test(name));
  if (family === undefined) return undefined;
  return {
    name,
    type: family.type,
    letters: "any",
    submission: family.submission,
    annotation: false,
    many: true,
  };
}

/** Longer names are no slips of known ones. */
const MAX_NEAR_LENGTH = 32;

/** The name most like an unknown one: what it may be short for, or two typing slips away. Null where none is near. */
export function nearestField(name: string): string | null {
  if (name.length > MAX_NEAR_LENGTH) return null;
  const wanted = name.toLowerCase();
  const longer = fields.find((field) => field.name.toLowerCase().endsWith(`.${wanted}`));
  if (longer !== undefined) return longer.name;
  let nearest: string | null = null;
  let most = name.length < 4 ? 1 : 2;
  for (const [lower, { name: known }] of byLowerName) {
    const slips = distance(wanted, lower, most);
    if (slips === null) continue;
    nearest = known;
    most = slips - 1;
    if (most < 1) break;
  }
  return nearest;
}

/**
 * Optimal string alignment distance (insertions, deletions, substitutions and swaps of neighbours: Damerau 1964) where
 * it is at most `most`, else null. Only the diagonal band of that width is computed (Ukkonen 1985), so that the work
 * is at most `(2 * most + 1) * a.length` cells.
 */
function distance(a: string, b: string, most: number): number | null {
  if (Math.abs(a.length - b.length) > most) return null;
  const far = most + 1;
  let earlier: number[] = [];
  let before = Array.from({ length: b.length + 1 }, (_, column) => Math.min(column, far));
  for (let row = 1; row <= a.length; row++) {
    const now = new Array<number>(b.length + 1).fill(far);
    if (row <= most) now[0] = row;
    for (let column = Math.max(1, row - most); column <= Math.min(b.length, row + most); column++) {
      const change = before[column - 1]! + (a[row - 1] === b[column - 1] ? 0 : 1);
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      const swap = row > 1 && column > 1 && swapped ? earlier[column - 2]! + 1 : Infinity;
      now[column] = Math.min(change, swap, before[column]! + 1, now[column - 1]! + 1);
    }
    [earlier, before] = [before, now];
  }
  const slips = before[b.length]!;
  return slips > most ? null : slips;
}
