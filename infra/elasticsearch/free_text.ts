import { fields, type Indicator, indicatorOf, type Match, queryField } from "@assay/core";
import type { Filter } from "./filter.ts";
import { matchOf, MAX_EXPANSIONS } from "./match.ts";
import { type Scope, storedFields, wordFields } from "./storage.ts";
import { ANNOTATIONS, type NestedPath, SUBMISSIONS } from "./visibility.ts";
import { markWords } from "./words.ts";

/** Where a word that looks like something is looked for beside the text. */
export const homes: Readonly<Record<Indicator, readonly string[]>> = {
  md5: ["md5", "pe.imphash", "pe.richHash"],
  sha1: ["sha1", "elf.buildId"],
  sha256: ["sha256", "pe.section.sha256", "elf.section.sha256", "parent"],
  sha512: ["sha512"],
  ip: ["ip"],
  cidr: ["ip"],
  url: ["url"],
  domain: ["domain", "name"],
  email: ["email"],
  attack: ["attack"],
};

/** Fields of few short words, such as families and tags, that free text also means. */
const wordLike = fields.filter((field) =>
  field.type === "keyword" && field.facet && field.letters === "any" && !field.name.startsWith("pe.section")
);

/** No family, tag or rule is longer. */
const MAX_SHORT_WORD = 256;

/** One of the places where free text may be found. */
export interface FreeText {
  readonly nested: NestedPath | null;
  readonly filter: Filter;
}

/**
 * Filters for free text, any of which may match: words of every module and of every `name` field, short words such as
 * families and tags, and the fields of what it looks like (a digest, an address). Each is true of the document itself,
 * or of an entry of what `nested` names.
 */
export function freeText(match: Match, scope: Scope, now: number): FreeText[] {
  if (match.type !== "equals" && match.type !== "pattern") {
    return [{ nested: null, filter: { match_all: {} } }];
  }
  const text = match.type === "equals" ? match.text : match.parts.find((part) => typeof part === "string")!;
  const found: FreeText[] = [];
  for (const nested of [null, SUBMISSIONS, ANNOTATIONS] as const) {
    const paths = wordFields(scope, nested);
    if (paths.length > 0) found.push({ nested, filter: inWords(text, paths, match.type === "pattern") });
  }
  const indicator = match.type === "equals" ? indicatorOf(text) : null;
  const named = [
    ...text.length <= MAX_SHORT_WORD ? wordLike : [],
    ...(indicator === null ? [] : homes[indicator]).map((name) => queryField(name)!),
  ];
  for (const field of named) {
    for (const stored of storedFields(field, scope)) {
      found.push({ nested: stored.nested, filter: matchOf(match, field, stored, now) });
    }
  }
  return found;
}

function inWords(text: string, paths: readonly string[], prefix: boolean): Filter {
  return {
    multi_match: {
      query: markWords(text),
      fields: [...paths],
      type: prefix ? "phrase_prefix" : "phrase",
      ...(prefix ? { max_expansions: MAX_EXPANSIONS } : {}),
    },
  };
}
