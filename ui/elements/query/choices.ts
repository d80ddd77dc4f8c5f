import type { SavedSearch, SearchTerms } from "@assay/core";
import type { Suggestion } from "./suggester.ts";

/** What can be chosen below the query: a piece to put in, or a whole search. */
export interface Choice {
  readonly kind: Suggestion["kind"] | "recent" | "saved";
  readonly text: string;
  readonly label: string;
  readonly description: string | null;
  readonly count: number | null;
  /** The search that is made at once; null for a piece. */
  readonly terms: SearchTerms | null;
}

const MOST = { recent: 6, saved: 8 };

/** Recent and saved searches where nothing is typed, what may be typed otherwise. */
export function choicesOf(
  text: string,
  suggestions: readonly Suggestion[],
  recent: readonly SearchTerms[],
  saved: readonly SavedSearch[],
): Choice[] {
  const pieces = suggestions.map((suggestion) => ({ ...suggestion, terms: null }));
  if (text.trim() !== "") return pieces;
  return [
    ...recent.slice(0, MOST.recent).map((terms) => whole("recent", cut(terms.q), about(terms), terms)),
    ...saved.slice(0, MOST.saved).map(({ name, q, scope, mode, sort }) =>
      whole("saved", name, cut(q), { q, scope, mode, sort })
    ),
    ...pieces,
  ];
}

function whole(kind: "recent" | "saved", label: string, description: string, terms: SearchTerms): Choice {
  return { kind, text: terms.q, label, description, count: null, terms };
}

function about({ scope, mode }: SearchTerms): string {
  return mode === "default" ? scope : `${scope}, ${mode}`;
}

function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
