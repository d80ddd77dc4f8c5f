import type { Clause } from "./ast.ts";
import { equalsClause } from "./clause.ts";
import { QueryError } from "./error.ts";
import { parseQuery } from "./parse.ts";
import { printQuery } from "./print.ts";

/**
 * The condition that a field has just this value, as {@link printQuery} writes and {@link parseQuery} reads it; null for a value that no
 * query may ask for (an empty one, a text of too many words).
 */
export function wholeClause(field: string, value: string | number | boolean): Clause | null {
  const text = String(value);
  const clause = equalsClause(field, text);
  return text !== "" && readsBack(clause, text) ? clause : null;
}

function readsBack(clause: Clause, text: string): boolean {
  try {
    const read = parseQuery(printQuery(clause));
    return read.type === "clause" && read.match.type === "equals" && read.match.text === text;
  } catch (error) {
    if (error instanceof QueryError) return false;
    throw error;
  }
}
