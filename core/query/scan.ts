import type { Place, Wildcard } from "./ast.ts";
import { QueryError } from "./error.ts";

const space = /\s/;
const fieldName = /[A-Za-z][A-Za-z0-9_.-]*(?=:)/y;
const operator = /(AND|OR|NOT)(?=[\s()"]|$)/y;

/** Reads the pieces of a query one after the other; never goes back. */
export class Scanner {
  readonly text: string;
  /** Where it stands: the offset of what is read next. */
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  /** The next character; undefined at the end. */
  peek(): string | undefined {
    return this.text[this.at];
  }

  get ended(): boolean {
    return this.at >= this.text.length;
  }

  /** True where space stands so many characters ahead. */
  isSpace(ahead = 0): boolean {
    const character = this.text[this.at + ahead];
    return character !== undefined && space.test(character);
  }

  skip(): void {
    while (this.isSpace()) this.at++;
  }

  /** The operator that stands here, without taking it. */
  operator(): "AND" | "OR" | "NOT" | null {
    operator.lastIndex = this.at;
    return (operator.exec(this.text)?.[1] ?? null) as "AND" | "OR" | "NOT" | null;
  }

  /** Takes that operator, and the space behind it, where it stands here. */
  take(wanted: "AND" | "OR" | "NOT"): boolean {
    if (this.operator() !== wanted) return false;
    this.at += wanted.length;
    this.skip();
    return true;
  }

  /** What stands before a colon here, without taking it, if it can name a field. */
  name(): string | null {
    fieldName.lastIndex = this.at;
    return fieldName.exec(this.text)?.[0] ?? null;
  }

  /** Takes a quoted text; `\\` before a character means itself. */
  phrase(): string {
    const open = this.at++;
    let text = "";
    while (this.peek() !== '"') {
      if (this.peek() === "\\") this.at++;
      if (this.ended) throw this.error("a closing '\"'", `the quote at ${open} is never closed`);
      text += this.text[this.at++];
    }
    this.at++;
    if (text === "") throw this.error("text between the quotes", null, open);
    return text;
  }

  /** Takes what stands before a character of `end`: texts and wildcards in turn. */
  word(end: RegExp): (string | Wildcard)[] {
    const parts: (string | Wildcard)[] = [];
    let text = "";
    while (!this.ended && !end.test(this.text[this.at]!)) {
      const character = this.text[this.at++]!;
      if (character === "*" || character === "?") {
        if (text !== "") parts.push(text);
        text = "";
        const last = parts.at(-1);
        const repeated = character === "*" && typeof last === "object" && last.wildcard === "*";
        if (!repeated) parts.push({ wildcard: character });
      } else if (character !== "\\") text += character;
      else if (this.ended) throw this.error("a character after '\\'");
      else text += this.text[this.at++];
    }
    if (text !== "") parts.push(text);
    return parts;
  }

  /** What to throw where something else was expected. */
  error(expected: string, hint: string | null = null, at = this.at): QueryError {
    const got = /^(\s|[()]|[^\s()]{0,60})/.exec(this.text.slice(at, at + 60))![0];
    const place: Place = { start: at, end: at + got.length };
    return new QueryError(place, expected, got, hint);
  }
}
