import assert from "node:assert/strict";
import fc from "fast-check";
import { completionAt } from "./complete.ts";
import { parseQuery } from "./parse.ts";

/** The text with `|` where the cursor is; what is expected, the field, what is typed and what would be replaced. */
const typed: readonly [string, expects: string, field: string | null, typed: string, replaced: string][] = [
  ["|", "field", null, "", ""],
  ["ver|", "field", null, "ver", "ver"],
  ["ve|rd", "field", null, "ve", "verd"],
  ["emotet |", "field operator", null, "", ""],
  ["emotet A|", "field operator", null, "A", "A"],
  ["emotet AND|", "field operator", null, "AND", "AND"],
  ["emotet AND |", "field", null, "", ""],
  ["emotet AND pe.imp|", "field", null, "pe.imp", "pe.imp"],
  ["-ta|", "field", null, "ta", "ta"],
  ["(ta|", "field", null, "ta", "ta"],
  ["(a OR b)|", "field operator", null, "", ""],
  ["NOT |", "field", null, "", ""],
  ["tag:|", "value", "tag", "", ""],
  ["TAG:pa|", "value", "tag", "pa", "pa"],
  ["tag:pa|ck x", "value", "tag", "pa", "pack"],
  ['tag:"two w|', "value", "tag", "two w", '"two w'],
  ['tag:"two w|ords" x', "value", "tag", "two w", '"two words"'],
  ['tag:"say \\"hi|', "value", "tag", 'say "hi', '"say \\"hi'],
  ["tag:a\\:b|", "value", "tag", "a:b", "a\\:b"],
  ["tag:a\\|", "value", "tag", "a", "a\\"],
  ["name:=set|", "value", "name", "set", "set"],
  ['name:="my s|', "value", "name", "my s", '"my s'],
  ["tag:a |", "field operator", null, "", ""],
  ["tag:(pa|", "value", "tag", "pa", "pa"],
  ["tag:(a O|", "value operator", "tag", "O", "O"],
  ["tag:(a OR |", "value", "tag", "", ""],
  ["tag:(a OR -b|", "value", "tag", "b", "b"],
  ["tag:(a) siz|", "field operator", null, "siz", "siz"],
  ["size:>|", "bound", "size", "", ""],
  ["size:>=50|0kB", "bound", "size", "50", "500kB"],
  ["size:[|", "bound", "size", "", ""],
  ["size:[1 TO 2|", "bound", "size", "2", "2"],
  ["size:[1 TO 2] |", "field operator", null, "", ""],
  ["seen:[2024-01-01T00:00|", "bound", "seen", "2024-01-01T00:00", "2024-01-01T00:00"],
  ["http://exam|", "field", null, "http://exam", "http://exam"],
  ["nonsense:x|", "field", null, "nonsense:x", "nonsense:x"],
  ['"free phr|', "", null, '"free phr', '"free phr'],
  ['"free phrase" |', "field operator", null, "", ""],
  ["metadata.case:4|", "value", "metadata.case", "4", "4"],
  ["module.yara.status:|", "value", "module.yara.status", "", ""],
  ["verdict:ma| tag:x", "value", "verdict", "ma", "ma"],
  ["verdict:| tag:x", "value", "verdict", "", ""],
];

for (const [marked, expects, field, word, replaced] of typed) {
  Deno.test(`completionAt() knows what is typed in '${marked}'`, () => {
    const cursor = marked.indexOf("|");
    const text = marked.replace("|", "");
    const found = completionAt(text, cursor);
    assert.deepEqual(
      [found.expects.join(" "), found.field?.name ?? null, found.typed],
      [expects, field, word],
    );
    assert.equal(text.slice(found.place.start, found.place.end), replaced);
  });
}

Deno.test("completionAt() leaves regular expressions and exact text alone", () => {
  const at = (text: string, mode: "advanced" | "exact") => completionAt(text, text.length, mode);
  assert.deepEqual(at('name:/a (b"', "advanced").expects, []);
  const after = at('name:/a (b"\\/c/ tag:x', "advanced");
  assert.deepEqual([after.expects, after.field?.name, after.typed], [["value"], "tag", "x"]);
  assert.deepEqual(at("tag:x", "exact").expects, []);
});

Deno.test("completionAt() answers for every text and cursor, about a place around the cursor", () => {
  const pieces = fc.constantFrom(
    "tag:",
    "size:",
    "a",
    " ",
    "(",
    ")",
    '"',
    "[",
    "]",
    "{",
    "}",
    "\\",
    "-",
    "AND",
    "OR ",
    "NOT",
    " TO ",
    ">=",
    "<",
    "=",
    "*",
    ":",
    "😀",
  );
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.array(pieces, { maxLength: 40 }).map((list) => list.join("")),
  );
  fc.assert(
    fc.property(texts, fc.integer({ min: -5, max: 100 }), (text, cursor) => {
      const { place } = completionAt(text, cursor);
      const at = Math.max(0, Math.min(cursor, text.length));
      assert(place.start <= at && place.end >= at && place.end <= text.length, JSON.stringify(place));
    }),
    { numRuns: 1000 },
  );
});

Deno.test("completionAt() expects a value of the field that the parser then reads", () => {
  for (const before of ["tag:", "a tag:", "(tag:", "tag:(x OR ", "NOT tag:", "-tag:", "size:>1 tag:"]) {
    const open = before.split("(").length - 1;
    const found = completionAt(before, before.length);
    assert.deepEqual([found.expects, found.field?.name], [["value"], "tag"], before);
    assert.match(
      JSON.stringify(parseQuery(`${before}new${")".repeat(open)}`)),
      /"field":"tag","match":\{"type":"equals","text":"new"/,
    );
  }
});

Deno.test("completionAt() takes linear time", () => {
  for (const piece of ["(", "tag:(", "a ", '"', "[", "size:[1 ", "\\", "-", "NOT "]) {
    const text = piece.repeat(100_000 / piece.length);
    const began = performance.now();
    completionAt(text, text.length);
    assert(performance.now() - began < 1000, piece);
  }
});
