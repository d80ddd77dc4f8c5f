import type { estypes } from "@elastic/elasticsearch";
import type { SearchMatch } from "./repositories.ts";
import { type Scope, wordFields } from "./storage.ts";
import { unmarkWords } from "./words.ts";

/** Private-use characters around a match: no markup, and taken out of every text before it is kept. */
const [OPEN, CLOSE] = ["\ue000", "\ue001"];
const FRAGMENTS = 3;
const FRAGMENT_LENGTH = 160;
const MAX_FIELDS = 10;

/** Asks for the places of the words found. Names of submissions and notes take no part in samples: others may own them. */
export function highlightOf(scope: Scope): estypes.SearchHighlight {
  return {
    pre_tags: [OPEN],
    post_tags: [CLOSE],
    number_of_fragments: FRAGMENTS,
    fragment_size: FRAGMENT_LENGTH,
    fields: Object.fromEntries(wordFields(scope, null).map((path) => [path, {}])),
  };
}

/** Fragments by field, as the query names the field. */
export function highlightsOf(
  found: Readonly<Record<string, string[]>> | undefined,
): Record<string, string[]> {
  const highlights: Record<string, string[]> = {};
  for (const [path, fragments] of Object.entries(found ?? {}).slice(0, MAX_FIELDS)) {
    highlights[path.replace(/^words\./, "")] = fragments.map(tidy);
  }
  return highlights;
}

/** The same fragments, each with the modules that gave the field its values. */
export function matchesOf(
  highlights: Readonly<Record<string, readonly string[]>>,
  sources: Readonly<Record<string, readonly string[]>>,
): SearchMatch[] {
  return Object.entries(highlights).map(([field, fragments]) => ({
    field,
    modules: field.startsWith("text.") ? [field.slice("text.".length)] : sources[field] ?? [],
    fragments,
  }));
}

/** The lines that hold a match, since each line of the text is a string of its own, in bounds. */
function tidy(fragment: string): string {
  const lines = unmarkWords(fragment).split("\n").filter((line) => line.includes(OPEN));
  const text = lines.join("\n");
  const start = Math.max(0, text.indexOf(OPEN) - FRAGMENT_LENGTH);
  return text.slice(start, start + 2 * FRAGMENT_LENGTH);
}
