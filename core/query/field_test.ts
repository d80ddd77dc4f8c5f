import assert from "node:assert/strict";
import { parseQuery } from "./parse.ts";
import { fields } from "../field/catalogue.ts";
import { fieldFamilies, nearestField, queryField } from "./field.ts";

Deno.test("queryField() knows every field of the catalogue in any case", () => {
  for (const field of fields) assert.equal(queryField(field.name.toUpperCase())?.name, field.name);
});

Deno.test("queryField() knows families and refuses names out of bounds", () => {
  assert.deepEqual(queryField("metadata.case-no"), {
    name: "metadata.case-no",
    type: "keyword",
    letters: "any",
    submission: true,
    annotation: false,
  });
  assert.equal(queryField("text.strings")?.type, "text");
  assert.equal(queryField("raw.pe.header.machine")?.submission, false);
  for (
    const name of [
      "metadata",
      "metadata.",
      "metadata.a.b",
      "module.pe",
      "module.pe.ms",
      "module.PE.status",
      "raw.",
      "access.rank",
      "submissions.name",
      "report",
      "_source",
      "__proto__",
      `raw.${"a.".repeat(30)}b`,
    ]
  ) assert.equal(queryField(name), undefined, name);
});

Deno.test("nearestField() sees slips and missing beginnings, and gives up on the rest", () => {
  assert.equal(nearestField("imphash"), "pe.imphash");
  assert.equal(nearestField("sha265"), "sha256");
  assert.equal(nearestField("Verdct"), "verdict");
  assert.equal(nearestField("qqqqqq"), null);
  assert.equal(nearestField("x".repeat(1000)), null);
});

Deno.test("fields have unique names that no other one's object holds, and an example", () => {
  const names = new Set(fields.map((field) => field.name));
  assert.equal(names.size, fields.length);
  for (const { name, example, description } of fields) {
    assert.ok(example !== "" && description !== "", name);
    const parts = name.split(".");
    for (let length = 1; length < parts.length; length++) {
      assert.ok(!names.has(parts.slice(0, length).join(".")), name);
    }
  }
});

Deno.test("fieldFamilies have examples that parse", () => {
  for (const { example } of fieldFamilies) assert.equal(parseQuery(example).type, "clause", example);
});

Deno.test("examples of fields parse as values of theirs", () => {
  // Examples cut by an ellipsis are for people.
  for (const { name, example } of fields.filter(({ example }) => !example.includes("…"))) {
    assert.ok(parseQuery(`${name}:${example}`), name);
  }
});
