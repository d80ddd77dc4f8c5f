import { type SearchTerms } from "@assay/core";

const KEY = "assay-recent";
const MOST = 20;
/** Longer queries are lists of hashes, which nobody wants to find again by reading. */
const MAX_LENGTH = 2000;

/** Searches of this tab, newest first; they go with the tab and with the key. */
export function readRecent(): readonly SearchTerms[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept : [];
  } catch {
    return []; // not ours
  }
}

/** Puts a search first, and once. */
export function noteRecent(terms: SearchTerms): readonly SearchTerms[] {
  if (terms.q === "" || terms.q.length > MAX_LENGTH) return readRecent();
  const text = JSON.stringify(terms);
  const others = readRecent().filter((one) => JSON.stringify(one) !== text);
  const recent = [terms, ...others].slice(0, MOST);
  sessionStorage.setItem(KEY, JSON.stringify(recent));
  return recent;
}

/** Forgets them all. */
export function forgetRecent(): void {
  sessionStorage.removeItem(KEY);
}
