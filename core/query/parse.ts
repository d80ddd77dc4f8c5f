import { type Bound, type Clause, join, type Match, type Place, type Query, type Wildcard } from "./ast.ts";
import { checkMatch } from "./check.ts";
import { costOf, MAX_QUERY_COST } from "./cost.ts";
import { QueryError } from "./error.ts";
import { nearestField, type QueryField, queryField } from "./field.ts";
import { isDigest } from "./indicator.ts";
import { isIp } from "./value.ts";

/** The longest query read, in UTF-16 code units. */
export const MAX_QUERY_LENGTH = 10_240;
/** How deep parentheses and negations may nest. */
export const MAX_QUERY_DEPTH = 20;
/** How many conditions a query may hold. */
export const MAX_QUERY_TERMS = 1000;

/**
 * Reads a query: `field:value`, free words and "phrases", `AND OR NOT -`, parentheses, `>= > <= <`, `[a TO b]`
 * (`{a TO b}` without its ends), `*` and `?`, `field:*`, `field:(a OR b)`, `\` before a character that is meant
 * as itself. Words side by side must all match; digests side by side (a pasted list) any. AND binds tighter than
 * OR. Linear in the length of the text.
 * @throws {QueryError} with place, expectation and hint
 */
export function parseQuery(text: string): Query {
  if (text.length > MAX_QUERY_LENGTH) {
    const place = { start: MAX_QUERY_LENGTH, end: text.length };
    throw new QueryError(place, `at most ${MAX_QUERY_LENGTH} characters`, `${text.length} characters`);
  }
  return new Parser(text).parse();
}

const isSpace = (character: string | undefined) => character !== undefined && /\s/.test(character);
const fieldName = /[A-Za-z][A-Za-z0-9_.-]*(?=:)/y;
const operator = /(AND|OR|NOT)(?=[\s()"]|$)/y;

class Parser {
  readonly #text: string;
  #at = 0;
  #depth = 0;
  #terms = 0;
  #cost = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): Query {
    this.#skip();
    if (this.#ended()) return { type: "all" };
    const query = this.#or(null);
    if (!this.#ended()) throw this.#error("a term or the end");
    return query;
  }

  #or(field: QueryField | null): Query {
    const of = [this.#and(field)];
    while (this.#take("OR")) of.push(this.#and(field));
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
    } while (this.#take("AND"));
    return join("and", of);
  }

  #not(field: QueryField | null): Query {
    const minus = this.#text[this.#at] === "-" && !isSpace(this.#text[this.#at + 1]);
    if (!minus && !this.#take("NOT")) return this.#primary(field);
    if (minus) this.#at++;
    return this.#deeper(() => ({ type: "not", of: this.#not(field) }));
  }

  #primary(field: QueryField | null): Query {
    if (this.#text[this.#at] !== "(") return this.#clause(field);
    const open = this.#at++;
    this.#skip();
    const query = this.#deeper(() => this.#or(field));
    if (this.#text[this.#at] !== ")") {
      throw this.#error("')'", `the parenthesis at ${open} is never closed`);
    }
    this.#at++;
    this.#skip();
    return query;
  }

  #deeper(read: () => Query): Query {
    if (++this.#depth > MAX_QUERY_DEPTH) throw this.#error(`at most ${MAX_QUERY_DEPTH} levels`);
    const query = read();
    this.#depth--;
    return query;
  }

  #clause(outer: QueryField | null): Query {
    const start = this.#at;
    operator.lastIndex = start;
    if (operator.test(this.#text)) throw this.#error("a term", "put the word in quotes to search it");
    const named = this.#field();
    if (named !== null && outer !== null) {
      throw this.#error(`a value of '${outer.name}'`, "a field can't hold another field", start);
    }
    const field = named ?? outer;
    if (named !== null && this.#text[this.#at] === "(") return this.#primary(field);
    const valueAt = this.#at;
    const match = this.#match(field);
    const place = { start, end: this.#at };
    const got = this.#text.slice(valueAt, this.#at);
    checkMatch(field, match, { start: valueAt, end: this.#at }, got);
    this.#skip();
    return this.#counted({ type: "clause", field: field?.name ?? null, match, place });
  }

  #counted(clause: Clause): Query {
    const texts = clause.field === null && clause.match.type === "equals"
      ? clause.match.text.split(/[,;]+/).filter((text) => text !== "")
      : [];
    const isList = texts.length > 1 && texts.every(isDigest) ||
      texts.length === 1 && isDigest(texts[0]!);
    this.#terms += isList ? texts.length : 1;
    if (this.#terms > MAX_QUERY_TERMS) {
      throw new QueryError(clause.place, `at most ${MAX_QUERY_TERMS} conditions`, "more");
    }
    if (!isList) this.#cost += costOf(clause);
    if (this.#cost > MAX_QUERY_COST) {
      const hint = "a word with a wildcard counts for several";
      throw new QueryError(clause.place, `at most ${MAX_QUERY_COST} words of text`, "more", hint);
    }
    if (!isList) return clause;
    return join("or", texts.map((text) => ({ ...clause, match: { type: "equals", text } })));
  }

  /** The field before a colon; null where the word is free text that merely holds one (a URL, an IPv6 address). */
  #field(): QueryField | null {
    fieldName.lastIndex = this.#at;
    const name = fieldName.exec(this.#text)?.[0];
    if (name === undefined) return null;
    const rest = this.#text.slice(this.#at, this.#at + 64);
    const field = queryField(name);
    if (field === undefined) {
      if (rest.startsWith("://", name.length) || isIp(/^[^\s()"]*/.exec(rest)![0])) return null;
      const near = nearestField(name);
      const hint = near === null ? "put it in quotes to search it as text" : `did you mean '${near}'?`;
      const place = { start: this.#at, end: this.#at + name.length };
      throw new QueryError(place, "the name of a field", name, hint);
    }
    this.#at += name.length + 1;
    return field;
  }

  #match(field: QueryField | null): Match {
    const character = this.#text[this.#at];
    if (character === undefined || /[\s()]/.test(character)) {
      throw this.#error(field === null ? "a term" : `a value of '${field.name}'`);
    }
    if (character === '"') return { type: "equals", text: this.#phrase() };
    if (field !== null && (character === "[" || character === "{")) return this.#range();
    if (field !== null && (character === "<" || character === ">")) return this.#comparison();
    const parts = this.#word(/[\s()"]/);
    if (parts.length === 1 && typeof parts[0] === "string") return { type: "equals", text: parts[0] };
    if (parts.length === 1 && (parts[0] as Wildcard).wildcard === "*") return { type: "exists" };
    return { type: "pattern", parts };
  }

  #comparison(): Match {
    const sign = this.#text[this.#at++]!;
    const inclusive = this.#text[this.#at] === "=";
    if (inclusive) this.#at++;
    const bound: Bound = { text: this.#bound(/[\s()"]/), inclusive };
    return sign === ">" ? { type: "range", from: bound, to: null } : { type: "range", from: null, to: bound };
  }

  #range(): Match {
    const fromInclusive = this.#text[this.#at++] === "[";
    this.#skip();
    const from = this.#bound(/[\s\]}"]/);
    this.#skip();
    if (!this.#text.startsWith("TO", this.#at) || !isSpace(this.#text[this.#at + 2])) {
      throw this.#error("'TO'", "a range is written [from TO to]");
    }
    this.#at += 2;
    this.#skip();
    const to = this.#bound(/[\s\]}"]/);
    this.#skip();
    const close = this.#text[this.#at];
    if (close !== "]" && close !== "}") throw this.#error("']' or '}'", "a range is written [from TO to]");
    this.#at++;
    if (from === "*" && to === "*") return { type: "exists" };
    return {
      type: "range",
      from: from === "*" ? null : { text: from, inclusive: fromInclusive },
      to: to === "*" ? null : { text: to, inclusive: close === "]" },
    };
  }

  #bound(end: RegExp): string {
    if (this.#text[this.#at] === '"') return this.#phrase();
    const start = this.#at;
    const text = this.#word(end).map((part) => typeof part === "string" ? part : part.wildcard).join("");
    if (text === "") throw this.#error("a value to compare with", null, start);
    return text;
  }

  #phrase(): string {
    const open = this.#at++;
    let text = "";
    while (this.#text[this.#at] !== '"') {
      if (this.#text[this.#at] === "\\") this.#at++;
      if (this.#ended()) {
        throw this.#error("a closing '\"'", `the quote at ${open} is never closed`);
      }
      text += this.#text[this.#at++];
    }
    this.#at++;
    if (text === "") throw this.#error("text between the quotes", null, open);
    return text;
  }

  #word(end: RegExp): (string | Wildcard)[] {
    const parts: (string | Wildcard)[] = [];
    let text = "";
    while (!this.#ended() && !end.test(this.#text[this.#at]!)) {
      const character = this.#text[this.#at++]!;
      if (character === "*" || character === "?") {
        if (text !== "") parts.push(text);
        text = "";
        const last = parts.at(-1);
        const repeated = character === "*" && typeof last === "object" && last.wildcard === "*";
        if (!repeated) parts.push({ wildcard: character });
      } else if (character !== "\\") text += character;
      else if (this.#ended()) throw this.#error("a character after '\\'");
      else text += this.#text[this.#at++];
    }
    if (text !== "") parts.push(text);
    return parts;
  }

  #take(word: "AND" | "OR" | "NOT"): boolean {
    operator.lastIndex = this.#at;
    if (operator.exec(this.#text)?.[1] !== word) return false;
    this.#at += word.length;
    this.#skip();
    return true;
  }

  /** True where a further term stands beside the last, without AND or OR between. */
  #startsTerm(): boolean {
    if (this.#ended() || this.#text[this.#at] === ")") return false;
    operator.lastIndex = this.#at;
    const word = operator.exec(this.#text)?.[1];
    return word === undefined || word === "NOT";
  }

  #skip(): void {
    while (isSpace(this.#text[this.#at])) this.#at++;
  }

  #ended(): boolean {
    return this.#at >= this.#text.length;
  }

  #error(expected: string, hint: string | null = null, at = this.#at): QueryError {
    const got = /^(\s|[()]|[^\s()]{0,60})/.exec(this.#text.slice(at, at + 60))![0];
    const place: Place = { start: at, end: at + got.length };
    return new QueryError(place, expected, got, hint);
  }
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
