import type { Place } from "./ast.ts";

/** Thrown for a query that can't be understood; says where, what was expected, and what to write instead. */
export class QueryError extends SyntaxError {
  override readonly name = "QueryError";
  /** Where the trouble is: UTF-16 offsets into the query. */
  readonly place: Place;
  /** What should have stood there, e.g. `a number`. */
  readonly expected: string;
  /** What to write instead, where that can be said. */
  readonly hint: string | null;

  constructor(place: Place, expected: string, got: string, hint: string | null = null) {
    const found = got === "" ? "the end" : `'${cut(got, 60)}'`;
    hint = hint === null ? null : cut(hint, 200);
    super(
      `Cannot parse query at ${place.start}: expected ${expected}, got ${found}${
        hint === null ? "" : ` (${hint})`
      }`,
    );
    this.place = place;
    this.expected = expected;
    this.hint = hint;
  }
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
