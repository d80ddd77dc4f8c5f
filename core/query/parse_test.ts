import fc from "fast-check";
import assert from "node:assert/strict";
import { type Clause, join, type Match, type Query } from "./ast.ts";
import { costOf, MAX_QUERY_COST } from "./cost.ts";
import { QueryError } from "./error.ts";
import {
  MAX_QUERY_DEPTH,
  MAX_QUERY_DIGESTS,
  MAX_QUERY_LENGTH,
  MAX_QUERY_TERMS,
  parseQuery,
} from "./parse.ts";
import type { QueryMode } from "./mode.ts";
import { printQuery } from "./print.ts";

/** The query without the places of its clauses. */
function shapeOf(query: Query): unknown {
  if (query.type === "clause") return { field: query.field, ...query.match };
  if (query.type === "not") return { type: "not", of: shapeOf(query.of) };
  return query.type === "all" ? { type: "all" } : { type: query.type, of: query.of.map(shapeOf) };
}

function errorOf(text: string): QueryError {
  try {
    parseQuery(text);
  } catch (error) {
    if (error instanceof QueryError) return error;
    throw error;
  }
  throw new assert.AssertionError({ message: `Expected '${text}' to be refused` });
}

const word = (text: string, field: string | null = null) => ({ field, type: "equals", text });
const many = { wildcard: "*" };

const shapes: readonly [string, unknown][] = [
  ["", { type: "all" }],
  ["  \n ", { type: "all" }],
  ["emotet", word("emotet")],
  ['"a b\\" c"', word('a b" c')],
  ["a b", { type: "and", of: [word("a"), word("b")] }],
  ["a AND b", { type: "and", of: [word("a"), word("b")] }],
  ["a OR b c", { type: "or", of: [word("a"), { type: "and", of: [word("b"), word("c")] }] }],
  ["(a OR b) c", { type: "and", of: [{ type: "or", of: [word("a"), word("b")] }, word("c")] }],
  ["a NOT b", { type: "and", of: [word("a"), { type: "not", of: word("b") }] }],
  ["-a", { type: "not", of: word("a") }],
  ["NOT(a)", { type: "not", of: word("a") }],
  ["ANDROID ORANGE", { type: "and", of: [word("ANDROID"), word("ORANGE")] }],
  ["name:x", word("x", "name")],
  ["NAME:x PE.ImpHash:y", { type: "and", of: [word("x", "name"), word("y", "pe.imphash")] }],
  ["name:*.exe", { field: "name", type: "pattern", parts: [many, ".exe"] }],
  ["name:a***b", { field: "name", type: "pattern", parts: ["a", many, "b"] }],
  ["name:a\\*b", word("a*b", "name")],
  ["name:*", { field: "name", type: "exists" }],
  ["_exists_:Name", { field: "name", type: "exists" }],
  ["name:=a.exe", { ...word("a.exe", "name"), whole: true }],
  ['name:="a *"', { ...word("a *", "name"), whole: true }],
  ["name:=*", { ...word("*", "name"), whole: true }],
  ["tag:=a", word("a", "tag")],
  ["=a", word("=a")],
  ["name:(a OR -b)", { type: "or", of: [word("a", "name"), { type: "not", of: word("b", "name") }] }],
  ["size:>=500kB", { field: "size", type: "range", from: { text: "500kB", inclusive: true }, to: null }],
  ["size:<1", { field: "size", type: "range", from: null, to: { text: "1", inclusive: false } }],
  ["score:-5", word("-5", "score")],
  ["seen:[2024 TO now}", {
    field: "seen",
    type: "range",
    from: { text: "2024", inclusive: true },
    to: { text: "now", inclusive: false },
  }],
  ["size:[* TO *]", { field: "size", type: "exists" }],
  ["ssdeep:3:AXG:b", word("3:AXG:b", "ssdeep")],
  ["http://a.b/c", word("http://a.b/c")],
  ["fe80::1", word("fe80::1")],
  ["10:30", word("10:30")],
  ["metadata.case:7", word("7", "metadata.case")],
  ["module.pe.status:ok", word("ok", "module.pe.status")],
  ["raw.pe.header.machine:amd64", word("amd64", "raw.pe.header.machine")],
  ["text.pe:rich", word("rich", "text.pe")],
];

for (const [text, shape] of shapes) {
  Deno.test(`parseQuery() reads '${text}'`, () => assert.deepEqual(shapeOf(parseQuery(text)), shape));
}

const regexp = (source: string, field: string) => ({ field, type: "regexp", source });

const modes: readonly [mode: QueryMode, text: string, shape: unknown][] = [
  ["exact", ' name:* OR "a" ', word('name:* OR "a"')],
  ["exact", "  ", { type: "all" }],
  ["advanced", "name:/a[0-9]+ b/ c", { type: "and", of: [regexp("a[0-9]+ b", "name"), word("c")] }],
  ["advanced", "path:/\\/etc\\/.*\\./", regexp("/etc/.*\\.", "path")],
  ["advanced", "path:(/a/ OR /b/)", { type: "or", of: [regexp("a", "path"), regexp("b", "path")] }],
  ["advanced", "/a/", word("/a/")],
  ["advanced", 'path:"/etc/"', word("/etc/", "path")],
  ["advanced", "url:*gate*", { field: "url", type: "pattern", parts: [many, "gate", many] }],
  ["advanced", "string:*gate?", {
    field: "string",
    type: "pattern",
    parts: [many, "gate", { wildcard: "?" }],
  }],
  ["default", "path:/etc/", word("/etc/", "path")],
];

for (const [mode, text, shape] of modes) {
  Deno.test(`parseQuery() reads '${text}' in mode ${mode}`, () => {
    const query = parseQuery(text, mode);
    assert.deepEqual(shapeOf(query), shape);
    assert.deepEqual(shapeOf(parseQuery(printQuery(query), "advanced")), shape);
  });
}

const md5 = "0123456789abcdef0123456789abcdef";
const sha1 = "0123456789abcdef0123456789abcdef01234567";

Deno.test("parseQuery() takes a pasted list of digests as any of them", () => {
  const any = { type: "or", of: [word(md5), word(sha1)] };
  const between = [" ", "\n", "\r\n", ",", ", ", " , ", ";", ",\r\n"];
  for (const list of between.flatMap((one) => [`${md5}${one}${sha1}`, `${md5}${one}${sha1}${one}`])) {
    assert.deepEqual(shapeOf(parseQuery(list)), any, list);
  }
  assert.deepEqual(shapeOf(parseQuery(`${md5} ${sha1} tag:x`)), { type: "and", of: [any, word("x", "tag")] });
  assert.deepEqual(shapeOf(parseQuery(`${md5} AND ${sha1}`)), { type: "and", of: [word(md5), word(sha1)] });
});

Deno.test("parseQuery() takes a list of ten thousand digests beside a query of the usual length", () => {
  const list = (count: number, length: number) =>
    Array.from({ length: count }, (_, index) => index.toString(16).padStart(length, "0")).join("\r\n");
  const query = parseQuery(`(${list(MAX_QUERY_DIGESTS, 64)}) AND name:"${"x".repeat(9000)}"`);
  assert.ok(query.type === "and" && query.of[0]?.type === "or");
  assert.equal(query.of[0].of.length, MAX_QUERY_DIGESTS);
  assert.match(errorOf(list(MAX_QUERY_DIGESTS + 1, 32)).expected, /10000 hashes/);
  assert.match(errorOf(`${list(10, 32)} ${"x".repeat(MAX_QUERY_LENGTH + 1)}`).expected, /10240 characters/);
  assert.match(errorOf("a".repeat(1_000_000)).expected, /10240 characters/);
  const many = `"${list(MAX_QUERY_DIGESTS, 32)}"`;
  assert.match(errorOf(many).expected, /100 words/);
});

Deno.test("parseQuery() bounds regular expressions in mode advanced", () => {
  const refused = (text: string) => {
    try {
      parseQuery(text, "advanced");
    } catch (error) {
      return (error as QueryError).message;
    }
    return null;
  };
  assert.match(refused(`name:/${"a".repeat(257)}/`)!, /at most 256 characters/);
  assert.match(refused("name:/a/ OR ".repeat(5) + "name:/a/")!, /at most 100 words/);
  assert.match(refused("size:/1/")!, /'size' can't be searched by regular expressions/);
  assert.match(refused("metadata.case:/1/")!, /regular expressions/);
  assert.match(refused("name:/abc")!, /closing '\/'/);
  assert.match(refused("name:/abc\\")!, /closing '\/'/);
  assert.match(refused("name://")!, /between the slashes/);
  assert.match(refused("name:/a/b")!, /a space after/);
  assert.match(refused("*foo*")!, /only at the end/);
});

const errors: readonly [text: string, start: number, expected: string, hint: RegExp][] = [
  ["imphash:x", 0, "the name of a field", /pe\.imphash/],
  ["a nmae:x", 2, "the name of a field", /did you mean 'name'/],
  ["zzzzzzzzz:x", 0, "the name of a field", /quotes/],
  ["size:big", 5, "a whole number or a size such as 500kB", /^null$/],
  ["size:>=big", 5, "a whole number or a size such as 500kB", /^null$/],
  ["seen:yesterday", 5, "a date such as 2024-05-07, or a time such as now-7d", /^null$/],
  ["seen:2024-02-30", 5, "a date such as 2024-05-07, or a time such as now-7d", /^null$/],
  ["seen:now-7d", 5, "a comparison", /seen:>=now-7d/],
  ["ip:10.0.0.300", 3, "an IP address or a block such as 10.0.0.0/8", /^null$/],
  ["ip:10.*", 3, "an IP address or a block such as 10.0.0.0/8", /10\.0\.0\.0\/8/],
  ["pe.signed:maybe", 10, "true or false", /^null$/],
  ["name:>a", 5, "a word", /no order/],
  ["name:", 5, "a value of 'name'", /^null$/],
  ["name:=", 6, "a value to compare with", /^null$/],
  ["string:=a", 7, "words of a text", /by its words/],
  ["name: x", 5, "a value of 'name'", /^null$/],
  ["name:(size:1)", 6, "a value of 'name'", /another field/],
  ["_exists_:nmae", 9, "the name of a field", /did you mean 'name'/],
  [
    "url:*gate*",
    4,
    "a wildcard at the start or the end, not both, where a sample has many values",
    /advanced/,
  ],
  ["sha256:*abc1", 7, "no wildcard at the start where a sample has many values", /advanced/],
  ["(a", 2, "')'", /parenthesis at 0/],
  ["a)", 1, "a term or the end", /^null$/],
  ["a AND", 5, "a term", /^null$/],
  ["OR a", 0, "a term", /quotes/],
  ["()", 1, "a term", /^null$/],
  ['say "hello', 10, "a closing '\"'", /quote at 4/],
  ['""', 0, "text between the quotes", /^null$/],
  ["size:[1 2]", 8, "'TO'", /from TO to/],
  ["size:[1 TO 2", 12, "']' or '}'", /from TO to/],
  ["a\\", 2, "a character after '\\'", /^null$/],
  ["*foo*", 0, "a wildcard only at the end of a word", /name:\*foo\*/],
  ["string:*foo", 7, "a wildcard only at the end of a word", /quotes/],
  ["name:*?*", 5, "a letter beside the wildcard", /^null$/],
  ["name:*a*", 5, "at least 3 letters beside a wildcard at the start", /^null$/],
  ["name:a*b*c*d*e*f*g*h*i*j", 5, "at most 8 wildcards in a word", /^null$/],
];

for (const [text, start, expected, hint] of errors) {
  Deno.test(`parseQuery() places the error in '${text}'`, () => {
    const error = errorOf(text);
    assert.deepEqual([error.place.start, error.expected], [start, expected]);
    assert.match(String(error.hint), hint);
    assert.ok(error.place.end >= start && error.place.end <= text.length);
    assert.match(error.message, new RegExp(`^Cannot parse query at ${start}: expected `));
  });
}

Deno.test("parseQuery() refuses what is too long, too deep or too much", () => {
  assert.match(errorOf("a".repeat(MAX_QUERY_LENGTH + 1)).expected, /10240 characters/);
  const nested = (depth: number) => "(".repeat(depth) + "a" + ")".repeat(depth);
  assert.equal(parseQuery(nested(MAX_QUERY_DEPTH)).type, "clause");
  assert.match(errorOf(nested(MAX_QUERY_DEPTH + 1)).expected, /20 levels/);
  assert.match(errorOf("-".repeat(5000) + "a").expected, /20 levels/);
  assert.match(errorOf("NOT ".repeat(2000) + "a").expected, /20 levels/);
  assert.equal(parseQuery("size:1 ".repeat(MAX_QUERY_TERMS)).type, "and");
  assert.match(errorOf("size:1 ".repeat(MAX_QUERY_TERMS + 1)).expected, /1000 conditions/);
});

Deno.test("parseQuery() refuses what would be too much to look up", () => {
  for (
    const text of [
      "a ".repeat(MAX_QUERY_COST),
      `"${"a ".repeat(MAX_QUERY_COST)}"`,
      "tag:a* ".repeat(500),
      `${md5} `.repeat(300),
    ]
  ) assert.ok(parseQuery(text));
  for (
    const text of [
      "a ".repeat(MAX_QUERY_COST + 1),
      `"${"a ".repeat(MAX_QUERY_COST + 1)}"`,
      "a* ".repeat(20),
      "name:*abc* ".repeat(20),
      "漢".repeat(MAX_QUERY_COST + 1),
    ]
  ) assert.match(errorOf(text).expected, /at most 100 words/, text.slice(0, 20));
});

Deno.test("parseQuery() answers any text by a query or a QueryError", () => {
  const pieces = fc.constantFrom(
    ...'()[]{}"\\*?:-<>= \n',
    "AND ",
    "OR ",
    "NOT ",
    " TO ",
    "name:",
    "size:",
    "seen:",
    "now-7d",
    "a",
    md5,
    "\ud800",
    "😀",
    "\0",
  );
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(pieces, { maxLength: 60 }).map((list) => list.join("")),
  );
  fc.assert(
    fc.property(texts, (text) => {
      try {
        const query = parseQuery(text);
        assert.deepEqual(shapeOf(parseQuery(printQuery(query))), shapeOf(query));
      } catch (error) {
        if (!(error instanceof QueryError)) throw error;
        assert.ok(
          error.place.start >= 0 && error.place.start <= error.place.end && error.place.end <= text.length,
        );
      }
    }),
    { numRuns: 5000 },
  );
});

const place = { start: 0, end: 0 };
const text = fc.string({ minLength: 1, maxLength: 20, unit: "binary" });
const part = fc.string({ minLength: 3, maxLength: 10, unit: "binary" });
const match = (field: string | null): fc.Arbitrary<Match> => {
  const plain = fc.record({ type: fc.constant("equals" as const), text });
  const whole = fc.record({ type: fc.constant("equals" as const), text, whole: fc.constant(true as const) });
  const equals = field === "name" ? fc.oneof(plain, whole) : plain;
  const wildcard = fc.constantFrom({ wildcard: "*" as const }, { wildcard: "?" as const });
  const prefix = part.map((start) => ({
    type: "pattern" as const,
    parts: [start, { wildcard: "*" as const }],
  }));
  const infix = fc.tuple(part, wildcard, part).map((parts) => ({ type: "pattern" as const, parts }));
  const exists = fc.constant({ type: "exists" as const });
  if (field === "name" || field === "tag") return fc.oneof(equals, prefix, infix, exists);
  if (field !== "size") return fc.oneof(equals, prefix, exists);
  const bound = fc.record({ text: fc.nat().map(String), inclusive: fc.boolean() }, { noNullPrototype: true });
  return fc.oneof(
    exists,
    fc.record({ type: fc.constant("range" as const), from: bound, to: fc.option(bound) }),
    fc.record({ type: fc.constant("range" as const), from: fc.constant(null), to: bound }),
  );
};
const clause: fc.Arbitrary<Clause> = fc.constantFrom(null, "name", "tag", "size", "string", "metadata.case")
  .chain((field) => match(field).map((match) => ({ type: "clause" as const, field, match, place })));
const { query } = fc.letrec<{ query: Query }>((tie) => ({
  query: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    clause,
    tie("query").map((of) => ({ type: "not" as const, of })),
    fc.array(tie("query"), { minLength: 2, maxLength: 4 }).map((of) => join("and", of)),
    fc.array(tie("query"), { minLength: 2, maxLength: 4 }).map((of) => join("or", of)),
  ),
}));

function totalCost(query: Query): number {
  if (query.type === "clause") return costOf(query);
  if (query.type === "not") return totalCost(query.of);
  return query.type === "all" ? 0 : query.of.reduce((sum, one) => sum + totalCost(one), 0);
}

Deno.test("printQuery() writes what parseQuery() reads back as the same", () => {
  fc.assert(
    fc.property(query, (query) => {
      // What costs too much is refused whoever wrote it; another test sees to that.
      fc.pre(totalCost(query) <= MAX_QUERY_COST);
      assert.deepEqual(shapeOf(parseQuery(printQuery(query))), shapeOf(query), printQuery(query));
    }),
    { numRuns: 3000 },
  );
});
