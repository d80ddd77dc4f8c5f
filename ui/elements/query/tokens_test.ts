import assert from "node:assert/strict";
import { piecesOf, tokensOf } from "./tokens.ts";

const kinds = (text: string, mode: "default" | "exact" | "advanced" = "default") =>
  tokensOf(text, mode).filter(({ kind }) => kind !== "space").map(({ kind, start, end }) =>
    `${kind} ${text.slice(start, end)}`
  );

Deno.test("tokensOf() tells fields, values, operators, phrases, signs and plain words apart", () => {
  assert.deepEqual(kinds('tag:apt OR (-size:[1kB TO 2MB} "a \\" b" word)'), [
    "field tag:",
    "value apt",
    "operator OR",
    "sign (",
    "sign -",
    "field size:",
    "value [1kB TO 2MB}",
    'phrase "a \\" b"',
    "text word",
    "sign )",
  ]);
});

Deno.test("tokensOf() marks unknown fields, takes addresses for words, and what is not whole yet", () => {
  assert.deepEqual(kinds("verdct:x"), ["unknown verdct:", "value x"]);
  assert.deepEqual(kinds("http://a.example/"), ["text http://a.example/"]);
  assert.deepEqual(kinds('name:"half'), ["field name:", 'value "half']);
  assert.deepEqual(kinds("ORANGE tag:"), ["text ORANGE", "field tag:"]);
});

Deno.test("tokensOf() reads regular expressions in mode advanced, and all as one phrase in mode exact", () => {
  assert.deepEqual(kinds("name:/a b/", "advanced"), ["field name:", "value /a b/"]);
  assert.deepEqual(kinds("a OR b", "exact"), ["phrase a OR b"]);
});

Deno.test("tokensOf() covers every character of hostile text once", () => {
  for (const text of ["\\", '"\\', "a\\", ")(:::[{", "\u202Etag:\u0000", "((((-", "-", "a-b:c d:"]) {
    for (const mode of ["default", "advanced", "exact"] as const) {
      assert.equal(piecesOf(text, tokensOf(text, mode), null).map((p) => p.text).join(""), text);
    }
  }
});

Deno.test("piecesOf() marks the place of the error and nothing else", () => {
  const text = "tag:a size:big";
  const pieces = piecesOf(text, tokensOf(text, "default"), { start: 11, end: 14 });
  assert.deepEqual(pieces.filter((p) => p.wrong).map((p) => p.text), ["big"]);
  assert.equal(pieces.map((p) => p.text).join(""), text);
});
