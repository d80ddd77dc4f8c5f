import { type Bound, type Clause, join, type Match, type Place, type Query, type Wildcard } from "./ast.ts";
import { checkMatch } from "./check.ts";
import { costOf, MAX_QUERY_COST } from "./cost.ts";
import { QueryError } from "./error.ts";
import { nearestField, type QueryField, queryField } from "./field.ts";
import { isDigest } from "./indicator.ts";
import type { QueryMode } from "./mode.ts";
import { Scanner } from "./scan.ts";
import { isIp } from "./value.ts";

/** The longest query read, in UTF-16 code units; digests of files don't count. */
export const MAX_QUERY_LENGTH = 10_240;
/** How many digests of files a query may hold. */
export const MAX_QUERY_DIGESTS = 10_000;
/** The longest text looked at: as many SHA-512 digests, each with what separates it from the next. */
const MAX_TEXT_LENGTH = MAX_QUERY_DIGESTS * 132 + MAX_QUERY_LENGTH;
/** How deep parentheses and negations may nest. */
export const MAX_QUERY_DEPTH = 20;
/** How many conditions a query may hold. */
export const MAX_QUERY_TERMS = 1000;

/**
 * Reads a query: `field:value`, free words and "phrases", `AND OR NOT -`, parentheses, `>= > <= <`, `[a TO b]`
 * (`{a TO b}` without its ends), `*` and `?`, `field:*`, `field:=value` (all of a name, not words of it),
 * `field:(a OR b)`, `\` before a character that is meant as itself. Words side by side must all match; digests side by side (a pasted list, with commas or without) any. AND
 * binds tighter than OR. Mode `advanced` also reads `field:/regular expression/`; `exact` takes all of it as one phrase.
 * Linear in the length of the text.
 * @throws {QueryError} with place, expectation and hint
 */
export function parseQuery(text: string, mode: QueryMode = "default"): Query {
  checkLength(text);
  return new Parser(text, mode).parse();
}

const digests =
  /(?<![\w.:-])(?:[0-9a-f]{128}|[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})(?=[\s,;()"]|$)[\s,;]{0,4}/gi;

function checkLength(text: string): void {
  if (text.length <= MAX_QUERY_LENGTH) return;
  const length = text.length > MAX_TEXT_LENGTH ? text.length : text.replace(digests, "").length;
  if (length <= MAX_QUERY_LENGTH) return;
  const place = { start: MAX_QUERY_LENGTH, end: text.length };
  const hint = `lists of up to ${MAX_QUERY_DIGESTS} hashes may be longer`;
  throw new QueryError(place, `at most ${MAX_QUERY_LENGTH} characters`, `${length} characters`, hint);
}

class Parser {
  readonly #scan: Scanner;
  readonly #mode: QueryMode;
  #depth = 0;
  #terms = 0;
  #digests = 0;
  #cost = 0;

  constructor(text: string, mode: QueryMode) {
    this.#scan = new Scanner(text);
    this.#mode = mode;
  }

  parse(): Query {
    this.#scan.skip();
    if (this.#scan.ended) return { type: "all" };
    if (this.#mode === "exact") return this.#exactly();
    const query = this.#or(null);
    if (!this.#scan.ended) throw this.#scan.error("a term or the end");
    return query;
  }

  #exactly(): Query {
    const text = this.#scan.text.trim();
    const place = { start: this.#scan.at, end: this.#scan.at + text.length };
    return this.#counted({ type: "clause", field: null, match: { type: "equals", text }, place });
  }

  #or(field: QueryField | null): Query {
    const of = [this.#and(field)];
    while (this.#scan.take("OR")) of.push(this.#and(field));
    return join("or", of);
  }

  #and(field: QueryField | null): Query {
    const of: Query[] = [];
    let list: Query[] = [];
    do {
      // Digests side by side are a pasted list: no file has two.
      list = [];
      do list.push(this.#not(field)); while (this.#startsTerm());
      of.push(...gatherDigests(list));
    } while (this.#scan.take("AND"));
    return join("and", of);
  }

  #not(field: QueryField | null): Query {
    const minus = this.#scan.peek() === "-" && !this.#scan.isSpace(1);
    if (!minus && !this.#scan.take("NOT")) return this.#primary(field);
    if (minus) this.#scan.at++;
    return this.#deeper(() => ({ type: "not", of: this.#not(field) }));
  }

  #primary(field: QueryField | null): Query {
    if (this.#scan.peek() !== "(") return this.#clause(field);
    const open = this.#scan.at++;
    this.#scan.skip();
    const query = this.#deeper(() => this.#or(field));
    if (this.#scan.peek() !== ")") {
      throw this.#scan.error("')'", `the parenthesis at ${open} is never closed`);
    }
    this.#scan.at++;
    this.#scan.skip();
    return query;
  }

  #deeper(read: () => Query): Query {
    if (++this.#depth > MAX_QUERY_DEPTH) throw this.#scan.error(`at most ${MAX_QUERY_DEPTH} levels`);
    const query = read();
    this.#depth--;
    return query;
  }

  #clause(outer: QueryField | null): Query {
    const start = this.#scan.at;
    if (this.#scan.operator() !== null) {
      throw this.#scan.error("a term", "put the word in quotes to search it");
    }
    const digest = outer === null ? this.#scan.digest() : null;
    if (digest !== null) return this.#digest(digest.text, digest.place);
    const existing = this.#existing(outer);
    if (existing !== null) return existing;
    const named = this.#field();
    if (named !== null && outer !== null) {
      throw this.#scan.error(`a value of '${outer.name}'`, "a field can't hold another field", start);
    }
    const field = named ?? outer;
    if (named !== null && this.#scan.peek() === "(") return this.#primary(field);
    const valueAt = this.#scan.at;
    const match = this.#match(field);
    const place = { start, end: this.#scan.at };
    const got = this.#scan.text.slice(valueAt, this.#scan.at);
    checkMatch(field, match, { start: valueAt, end: this.#scan.at }, got, this.#mode);
    this.#scan.skip();
    return this.#counted({ type: "clause", field: field?.name ?? null, match, place });
  }

  /** `_exists_:field`, as other query languages say `field:*`. */
  #existing(outer: QueryField | null): Query | null {
    const start = this.#scan.at;
    if (outer !== null || this.#scan.name() !== "_exists_") return null;
    this.#scan.at += "_exists_:".length;
    const valueAt = this.#scan.at;
    const name = this.#scan.word("value").map((part) => typeof part === "string" ? part : part.wildcard).join(
      "",
    );
    const field = queryField(name);
    if (field === undefined) throw unknownField(name, valueAt);
    const place = { start, end: this.#scan.at };
    this.#scan.skip();
    return this.#counted({ type: "clause", field: field.name, match: { type: "exists" }, place });
  }

  #digest(text: string, place: Place): Query {
    if (++this.#digests > MAX_QUERY_DIGESTS) {
      throw new QueryError(place, `at most ${MAX_QUERY_DIGESTS} hashes`, "more", "ask in several parts");
    }
    return { type: "clause", field: null, match: { type: "equals", text }, place };
  }

  #counted(clause: Clause): Query {
    if (++this.#terms > MAX_QUERY_TERMS) {
      throw new QueryError(clause.place, `at most ${MAX_QUERY_TERMS} conditions`, "more");
    }
    this.#cost += costOf(clause);
    if (this.#cost > MAX_QUERY_COST) {
      const hint = "a word with a wildcard counts for several";
      throw new QueryError(clause.place, `at most ${MAX_QUERY_COST} words of text`, "more", hint);
    }
    return clause;
  }

  /** The field before a colon; null where the word is free text that merely holds one (a URL, an IPv6 address). */
  #field(): QueryField | null {
    const name = this.#scan.name();
    if (name === null) return null;
    const field = queryField(name);
    if (field === undefined) {
      const rest = this.#scan.text.slice(this.#scan.at, this.#scan.at + 64);
      if (this.#scan.text.startsWith("://", this.#scan.at + name.length)) return null;
      if (isIp(/^[^\s()"]*/.exec(rest)![0])) return null;
      throw unknownField(name, this.#scan.at);
    }
    this.#scan.at += name.length + 1;
    return field;
  }

  #match(field: QueryField | null): Match {
    const character = this.#scan.peek();
    if (character === undefined || /[\s()]/.test(character)) {
      throw this.#scan.error(field === null ? "a term" : `a value of '${field.name}'`);
    }
    if (character === '"') return { type: "equals", text: this.#scan.phrase() };
    if (field !== null && character === "=") return this.#whole(field);
    if (field !== null && (character === "[" || character === "{")) return this.#range();
    if (field !== null && character === "/" && this.#mode === "advanced") return this.#regexp();
    if (field !== null && (character === "<" || character === ">")) return this.#comparison();
    const parts = this.#scan.word("value");
    if (parts.length === 1 && typeof parts[0] === "string") return { type: "equals", text: parts[0] };
    if (parts.length === 1 && (parts[0] as Wildcard).wildcard === "*") return { type: "exists" };
    return { type: "pattern", parts };
  }

  #whole(field: QueryField): Match {
    const start = this.#scan.at++;
    const text = this.#bound("value");
    if (field.type === "text") {
      throw this.#scan.error("words of a text", `'${field.name}' is searched by its words`, start);
    }
    return { type: "equals", text, ...(field.type === "name" ? { whole: true } : {}) };
  }

  #regexp(): Match {
    const source = this.#scan.regexp();
    if (!this.#scan.ended && !/[\s()]/.test(this.#scan.peek()!)) {
      throw this.#scan.error("a space after the regular expression", "write '\\/' for a slash inside it");
    }
    return { type: "regexp", source };
  }

  #comparison(): Match {
    const sign = this.#scan.text[this.#scan.at++]!;
    const inclusive = this.#scan.peek() === "=";
    if (inclusive) this.#scan.at++;
    const bound: Bound = { text: this.#bound("value"), inclusive };
    return sign === ">" ? { type: "range", from: bound, to: null } : { type: "range", from: null, to: bound };
  }

  #range(): Match {
    const fromInclusive = this.#scan.text[this.#scan.at++] === "[";
    this.#scan.skip();
    const from = this.#bound("bound");
    this.#scan.skip();
    if (!this.#scan.text.startsWith("TO", this.#scan.at) || !this.#scan.isSpace(2)) {
      throw this.#scan.error("'TO'", "a range is written [from TO to]");
    }
    this.#scan.at += 2;
    this.#scan.skip();
    const to = this.#bound("bound");
    this.#scan.skip();
    const close = this.#scan.peek();
    if (close !== "]" && close !== "}") {
      throw this.#scan.error("']' or '}'", "a range is written [from TO to]");
    }
    this.#scan.at++;
    if (from === "*" && to === "*") return { type: "exists" };
    return {
      type: "range",
      from: from === "*" ? null : { text: from, inclusive: fromInclusive },
      to: to === "*" ? null : { text: to, inclusive: close === "]" },
    };
  }

  #bound(kind: "value" | "bound"): string {
    if (this.#scan.peek() === '"') return this.#scan.phrase();
    const start = this.#scan.at;
    const text = this.#scan.word(kind).map((part) => typeof part === "string" ? part : part.wildcard).join(
      "",
    );
    if (text === "") throw this.#scan.error("a value to compare with", null, start);
    return text;
  }

  /** True where a further term stands beside the last, without AND or OR between. */
  #startsTerm(): boolean {
    if (this.#scan.ended || this.#scan.peek() === ")") return false;
    return this.#scan.operator() === null || this.#scan.operator() === "NOT";
  }
}

function unknownField(name: string, start: number): QueryError {
  const near = nearestField(name);
  const hint = near === null ? "put it in quotes to search it as text" : `did you mean '${near}'?`;
  return new QueryError({ start, end: start + name.length }, "the name of a field", name, hint);
}

/** Puts runs of free-standing digests into one `or` each. */
function gatherDigests(queries: readonly Query[]): Query[] {
  const out: Query[] = [];
  let run: Query[] = [];
  const flush = () => {
    if (run.length > 0) out.push(join("or", run));
    run = [];
  };
  for (const query of queries) {
    if (isDigests(query)) run.push(query);
    else {
      flush();
      out.push(query);
    }
  }
  flush();
  return out;
}

function isDigests(query: Query): boolean {
  if (query.type === "or") return query.of.every(isDigests);
  return query.type === "clause" && query.field === null && query.match.type === "equals" &&
    isDigest(query.match.text);
}
