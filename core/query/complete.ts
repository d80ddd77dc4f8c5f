import type { Place } from "./ast.ts";
import { type QueryField, queryField } from "./field.ts";
import type { QueryMode } from "./mode.ts";
import { Scanner } from "./scan.ts";

/** What may be typed where the cursor stands in a query. */
export interface Completion {
  /** What the next characters may be; empty inside a phrase of free text. */
  readonly expects: readonly ("field" | "operator" | "value" | "bound")[];
  /** The field whose value is typed; null elsewhere. */
  readonly field: QueryField | null;
  /** What is typed of it so far, up to the cursor, as it is meant: without quotes and `\`. */
  readonly typed: string;
  /** What a suggestion replaces: all of the word that the cursor is in. */
  readonly place: Place;
}

/** Ends a word of free text or a value. */
const wordEnd = /[\s()"]/;
/** Ends a bound between brackets. */
const boundEnd = /[\s\]}"]/;
const quote = /"/;
const slash = /\//;

/**
 * Tells what is being typed at `cursor` (a UTF-16 offset) of a query that need not be whole. Knows the same pieces as
 * {@link parseQuery}, reads once from the left, and throws nothing: in what can't be a query it expects nothing.
 */
export function completionAt(text: string, cursor: number, mode: QueryMode = "default"): Completion {
  const at = Math.max(0, Math.min(cursor, text.length));
  if (mode === "exact") {
    return { expects: [], field: null, typed: text.slice(0, at), place: { start: 0, end: text.length } };
  }
  return new Reader(text, at, mode).read();
}

class Reader {
  readonly #text: string;
  readonly #scan: Scanner;
  readonly #mode: QueryMode;
  /** The fields of the open parentheses. */
  readonly #groups: (QueryField | null)[] = [];
  /** True after a term, where an operator may stand. */
  #afterTerm = false;

  constructor(text: string, cursor: number, mode: QueryMode) {
    this.#text = text;
    this.#mode = mode;
    this.#scan = new Scanner(text.slice(0, cursor));
  }

  read(): Completion {
    while (true) {
      this.#scan.skip();
      if (this.#scan.ended) return this.#term("", this.#scan.at);
      const typed = this.#piece();
      if (typed !== null) return typed;
    }
  }

  get #group(): QueryField | null {
    return this.#groups.at(-1) ?? null;
  }

  /** Reads one piece; gives what is typed where the cursor is in it or at its end. */
  #piece(): Completion | null {
    const character = this.#scan.peek();
    if (character === "(") return this.#open(this.#group);
    if (character === ")") return this.#close();
    for (const operator of ["AND", "OR", "NOT"] as const) {
      const start = this.#scan.at;
      // At the end of the text it may be the beginning of a longer word.
      if (!this.#scan.take(operator)) continue;
      if (this.#scan.text.length === start + operator.length) return this.#term(operator, start);
      this.#afterTerm = false;
      return null;
    }
    if (character === "-" && !this.#isSign()) this.#scan.at++;
    if (this.#scan.ended) return this.#term("", this.#scan.at);
    const field = this.#field();
    if (field !== null && this.#scan.peek() === "(") return this.#open(field);
    return field === null && this.#group === null ? this.#word() : this.#value(field ?? this.#group!);
  }

  /** A minus is a sign before a number's digits where a field's value is wanted. */
  #isSign(): boolean {
    return this.#group !== null && this.#group.type !== "keyword" && this.#group.type !== "name";
  }

  #open(field: QueryField | null): null {
    this.#groups.push(field);
    this.#scan.at++;
    this.#afterTerm = false;
    return null;
  }

  #close(): null {
    this.#groups.pop();
    this.#scan.at++;
    this.#afterTerm = true;
    return null;
  }

  /** The field before a colon, taken with it. */
  #field(): QueryField | null {
    const name = this.#scan.name();
    const field = name === null ? undefined : queryField(name);
    if (field === undefined) return null;
    this.#scan.at += name!.length + 1;
    return field;
  }

  #word(): Completion | null {
    const start = this.#scan.at;
    if (this.#scan.peek() === '"') {
      if (this.#phrase() !== null) return { ...this.#at(start), expects: [] };
    } else {
      const typed = this.#taken(wordEnd);
      if (this.#scan.ended) return this.#term(typed, start);
    }
    this.#afterTerm = true;
    return null;
  }

  #value(field: QueryField): Completion | null {
    const start = this.#scan.at;
    const character = this.#scan.peek();
    if (character === "[" || character === "{") return this.#range(field);
    if (character === "/" && this.#mode === "advanced") return this.#regexp();
    const compares = character === "<" || character === ">";
    if (compares) this.#scan.at++;
    if (this.#scan.peek() === "=") this.#scan.at++;
    const valueAt = this.#scan.at;
    const expects = compares ? ["bound"] as const : ["value"] as const;
    if (this.#scan.peek() === '"') {
      const open = this.#phrase();
      if (open !== null) return { expects, field, typed: open, place: this.#place(valueAt) };
    } else {
      const typed = this.#taken(wordEnd);
      if (this.#scan.ended) {
        const also = this.#afterTerm && this.#group !== null && valueAt === start
          ? ["operator"] as const
          : [];
        return { expects: [...expects, ...also], field, typed, place: this.#place(valueAt) };
      }
    }
    this.#afterTerm = true;
    return null;
  }

  #regexp(): Completion | null {
    const start = this.#scan.at++;
    this.#taken(slash);
    if (this.#scan.ended) return { ...this.#at(start), expects: [] };
    this.#scan.at++;
    this.#afterTerm = true;
    return null;
  }

  #range(field: QueryField): Completion | null {
    this.#scan.at++;
    while (true) {
      this.#scan.skip();
      const start = this.#scan.at;
      const character = this.#scan.peek();
      if (character === "]" || character === "}") {
        this.#scan.at++;
        this.#afterTerm = true;
        return null;
      }
      const typed = character === '"' ? this.#phrase() : this.#taken(boundEnd);
      if (typed !== null && this.#scan.ended) {
        return { expects: ["bound"], field, typed, place: this.#place(start, boundEnd) };
      }
    }
  }

  /** Takes a phrase; gives its text where it is never closed, null otherwise. */
  #phrase(): string | null {
    const start = ++this.#scan.at;
    this.#taken(quote);
    if (this.#scan.ended) return unescape(this.#scan.text.slice(start));
    this.#scan.at++;
    return null;
  }

  /** Takes characters up to one of `end`; gives them as they are meant. */
  #taken(end: RegExp): string {
    const start = this.#scan.at;
    while (!this.#scan.ended && !end.test(this.#scan.peek()!)) {
      this.#scan.at += this.#scan.peek() === "\\" ? 2 : 1;
    }
    this.#scan.at = Math.min(this.#scan.at, this.#scan.text.length);
    return unescape(this.#scan.text.slice(start, this.#scan.at));
  }

  #term(typed: string, start: number): Completion {
    const field = this.#group;
    const operator = this.#afterTerm ? ["operator"] as const : [];
    return {
      expects: [field === null ? "field" : "value", ...operator],
      field,
      typed,
      place: this.#place(start),
    };
  }

  #at(start: number): Omit<Completion, "expects"> {
    return { field: null, typed: this.#scan.text.slice(start), place: this.#place(start) };
  }

  /** From there to the end of the word that the cursor is in. */
  #place(start: number, end = wordEnd): Place {
    let at = this.#scan.text.length;
    if (this.#text[start] === '"') {
      while (at < this.#text.length && this.#text[at] !== '"') at += this.#text[at] === "\\" ? 2 : 1;
      return { start, end: Math.min(at + 1, this.#text.length) };
    }
    while (at < this.#text.length && !end.test(this.#text[at]!)) at++;
    return { start, end: at };
  }
}

function unescape(text: string): string {
  return text.replace(/\\(.)/gs, "$1").replace(/\\$/, "");
}
