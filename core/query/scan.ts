import type { Place, Wildcard } from "./ast.ts";
import { QueryError } from "./error.ts";

const space = /\s/;
const spaces = /\s+/y;
const fieldName = /[A-Za-z_][A-Za-z0-9_.-]*(?=:)/y;
const operator = /(AND|OR|NOT)(?=[\s()"]|$)/y;
const digest = /(?:[0-9a-f]{128}|[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?=[\s,;()"]|$)/iy;
const separators = /[\s,;]+/y;
/** Characters that mean themselves, by where they stand. */
const plain = { value: /[^\s()"*?\\]+/y, bound: /[^\s\]}"*?\\]+/y, phrase: /[^"\\]+/y, regexp: /[^/\\]+/y };

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
    this.#take(spaces);
  }

  /** The operator that stands here, without taking it. */
  operator(): "AND" | "OR" | "NOT" | null {
    return this.#look(operator) as "AND" | "OR" | "NOT" | null;
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
    return this.#look(fieldName);
  }

  /** Takes a digest of a whole file, and what separates it from the next of a list; null where none stands here. */
  digest(): { readonly text: string; readonly place: Place } | null {
    const start = this.at;
    const text = this.#take(digest);
    if (text === null) return null;
    const place = { start, end: this.at };
    this.#take(separators);
    return { text, place };
  }

  /** Takes a quoted text; `\\` before a character means itself. */
  phrase(): string {
    const open = this.at++;
    let text = "";
    while (this.peek() !== '"') {
      const run = this.#take(plain.phrase);
      if (run !== null) text += run;
      else {
        if (this.peek() === "\\") this.at++;
        if (this.ended) throw this.error("a closing '\"'", `the quote at ${open} is never closed`);
        text += this.text[this.at++];
      }
    }
    this.at++;
    if (text === "") throw this.error("text between the quotes", null, open);
    return text;
  }

  /** Takes a regular expression between slashes; `\\` before a slash means a slash, all else is left as it is. */
  regexp(): string {
    const open = this.at++;
    let source = "";
    while (this.peek() !== "/") {
      const run = this.#take(plain.regexp);
      if (run !== null) source += run;
      else if (this.at + 1 >= this.text.length) {
        throw this.error("a closing '/'", `the regular expression at ${open} is never closed`);
      } else {
        const escaped = this.text[this.at + 1]!;
        source += escaped === "/" ? "/" : `\\${escaped}`;
        this.at += 2;
      }
    }
    this.at++;
    if (source === "") throw this.error("a regular expression between the slashes", null, open);
    return source;
  }

  /** Takes a value, or a bound of a range: texts and wildcards in turn. */
  word(kind: "value" | "bound"): (string | Wildcard)[] {
    const parts: (string | Wildcard)[] = [];
    let text = "";
    for (;;) {
      text += this.#take(plain[kind]) ?? "";
      const character = this.peek();
      if (character === "*" || character === "?") {
        this.at++;
        if (text !== "") parts.push(text);
        text = "";
        const last = parts.at(-1);
        const repeated = character === "*" && typeof last === "object" && last.wildcard === "*";
        if (!repeated) parts.push({ wildcard: character });
      } else if (character === "\\") {
        this.at++;
        if (this.ended) throw this.error("a character after '\\'");
        text += this.text[this.at++];
      } else break;
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

  #look(pattern: RegExp): string | null {
    pattern.lastIndex = this.at;
    return pattern.exec(this.text)?.[0] ?? null;
  }

  #take(pattern: RegExp): string | null {
    const found = this.#look(pattern);
    if (found !== null) this.at += found.length;
    return found;
  }
}
