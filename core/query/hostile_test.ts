import fc from "fast-check";
import assert from "node:assert/strict";
import { fields } from "../field/catalogue.ts";
import { QueryError } from "./error.ts";
import { type QueryMode, queryModes } from "./mode.ts";
import { MAX_QUERY_LENGTH, parseQuery } from "./parse.ts";
import { printQuery } from "./print.ts";

const RUNS = 100_000;
const md5 = "0123456789abcdef0123456789abcdef";

const pieces = fc.oneof(
  fc.constantFrom(
    ...'()[]{}"\\*?:-<>=/, ;~^@#&|!\n\t',
    ...[
      "AND ",
      " OR ",
      "NOT ",
      " TO ",
      "name:",
      "size:",
      "seen:",
      "ip:",
      "url:",
      "nmae:",
      "_exists_:",
      "raw.pe.",
    ],
    ...["now-7d", "500kB", "10.0.0.0/8", "fe80::1", "*?*?*", "://", md5, `${md5}, `, "a".repeat(300)],
    ...["\ud800", "\udfff", "😀", "é", "漢字", "\0", "\u202e", "\ufeff", "İ", "ß", "\u2028"],
  ),
  fc.constantFrom(...fields.map((field) => `${field.name}:`)),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ unit: "grapheme-ascii", maxLength: 12 }),
);

/** A piece again and again up to the longest query, or many pieces side by side. */
const texts = fc.oneof(
  { weight: 20, arbitrary: fc.array(pieces, { maxLength: 40 }).map((list) => list.join("")) },
  { weight: 5, arbitrary: fc.string({ unit: "binary", maxLength: 80 }) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.array(pieces, { minLength: 1, maxLength: 4 }), fc.nat(MAX_QUERY_LENGTH)).map((
      [list, length],
    ) => list.join("").repeat(MAX_QUERY_LENGTH).slice(0, length)),
  },
);

/**
 * Runs it and counts the work: calls of regular expressions, and the characters that they took. All of the parser's
 * reading goes through them, so text that is read again and again shows here.
 */
function workOf(run: () => void): number {
  const exec = RegExp.prototype.exec;
  let work = 0;
  RegExp.prototype.exec = function (text: string) {
    const found = exec.call(this, text);
    work += 1 + (found?.[0].length ?? 0);
    return found;
  };
  try {
    run();
  } finally {
    RegExp.prototype.exec = exec;
  }
  return work;
}

function read(text: string, mode: QueryMode): void {
  let query;
  try {
    query = parseQuery(text, mode);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const { start, end } = error.place;
    assert.ok(0 <= start && start <= end && end <= text.length && error.message.length < 500, error.message);
    return;
  }
  const printed = printQuery(query);
  // Quotes and backslashes may make it longer than a query may be.
  if (printed.length <= MAX_QUERY_LENGTH) assert.equal(printQuery(parseQuery(printed, "advanced")), printed);
}

function timeOf(text: string, mode: QueryMode): number {
  const started = performance.now();
  try {
    parseQuery(text, mode);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
  }
  return performance.now() - started;
}

Deno.test(`parseQuery() answers ${RUNS.toLocaleString("en")} hostile texts by a query or a QueryError, in every mode`, () => {
  let index = 0;
  let worst = { milliseconds: 0, text: "" };
  fc.assert(
    fc.property(texts, (text) => {
      const mode = queryModes[index++ % queryModes.length]!;
      let milliseconds = timeOf(text, mode);
      // What seems slow was mostly interrupted: its best of three tells.
      for (let again = 0; again < 3 && milliseconds > worst.milliseconds; again++) {
        milliseconds = Math.min(milliseconds, timeOf(text, mode));
      }
      if (milliseconds > worst.milliseconds) worst = { milliseconds, text };
      read(text, mode);
    }),
    { numRuns: RUNS },
  );
  // For people who change the parser; time is no criterion on a shared machine, work is: see below.
  console.log(`worst of ${index}: ${worst.milliseconds.toFixed(1)} ms, ${worst.text.length} characters`);
});

Deno.test("parseQuery() does work in proportion to the length of the text, whatever it holds", () => {
  const most = (length: number) => 30 * length + 5000;
  const worst = [
    "a",
    "(",
    "-",
    "NOT ",
    "a ",
    "é ",
    "漢",
    "a::1 ",
    "a* ",
    "name:a ",
    "name:*?",
    "\\a",
    '"a" ',
    '"',
    "[",
    "size:[1 TO 2] ",
    "a OR ",
    "metadata.",
    "raw.a.",
    "nmae:",
    `${md5} `,
    `${md5},`,
    md5,
    "0123456789abcdef",
    "name:/a/ ",
    "name:/\\/",
    "://",
    "_exists_:",
    "a.b-c_d",
    " ",
    "\ud83d",
  ];
  for (const piece of worst) {
    const text = piece.repeat(Math.ceil(MAX_QUERY_LENGTH / piece.length)).slice(0, MAX_QUERY_LENGTH);
    for (const mode of queryModes) {
      const work = workOf(() => read(text, mode));
      assert.ok(work <= most(text.length), `'${piece}' in mode ${mode}: ${work}`);
    }
  }
  fc.assert(
    fc.property(texts, fc.constantFrom(...queryModes), (text, mode) => {
      const work = workOf(() => read(text, mode));
      assert.ok(work <= most(text.length), `${work} for ${text.length}`);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("parseQuery() looks for a name like an unknown one once, and not for long ones", () => {
  const short = workOf(() => read("nmae:x ".repeat(1000), "default"));
  const long = workOf(() => read(`${"n".repeat(5000)}:x`, "default"));
  assert.ok(short < 2000 && long < 20_000, `${short} ${long}`);
});
