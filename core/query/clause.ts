import type { Clause, Match } from "./ast.ts";
import { queryField } from "./field.ts";
import { printQuery } from "./print.ts";

function clause(field: string, match: Match): Clause {
  return { type: "clause", field, match, place: { start: 0, end: 0 } };
}

/** The condition that a field has that very text as a value: all of a name, not words of it. */
export function equalsClause(field: string, text: string): Clause {
  const whole = queryField(field)?.type === "name" ? { whole: true } as const : {};
  return clause(field, { type: "equals", text, ...whole });
}

/** The condition that a field has any value. */
export function existsClause(field: string): Clause {
  return clause(field, { type: "exists" });
}

/** The condition that a field has a value of at least `from` and less than `to`. */
export function spanClause(field: string, from: string, to: string): Clause {
  return clause(field, {
    type: "range",
    from: { text: from, inclusive: true },
    to: { text: to, inclusive: false },
  });
}

/** Text to put into a query: what keeps documents with that value, and what leaves them out. */
export function valueTexts(field: string, value: string): { include: string; exclude: string } {
  const of = equalsClause(field, value);
  return { include: printQuery(of), exclude: printQuery({ type: "not", of }) };
}
