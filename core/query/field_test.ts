import assert from "node:assert/strict";
import { parseQuery } from "./parse.ts";
import { fields } from "../field/catalogue.ts";
import { fieldFamilies, nearestField, queryField } from "./field.ts";
import { type Operator, operators, operatorsOf } from "./operator.ts";

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
    many: true,
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

const samples: Readonly<Record<string, string>> = {
  long: "5",
  double: "5",
  date: "2024-05-07",
  ip: "10.0.0.1",
  boolean: "true",
};

function asked(operator: Operator, name: string, type: string): string {
  const value = samples[type] ?? "abcd";
  const texts: Record<Operator, string> = {
    equals: value,
    whole: `=${value}`,
    prefix: "abcd*",
    suffix: "*abcd",
    wildcard: "ab*cd",
    anywhere: "*abcd*",
    range: `>=${value}`,
    block: "10.0.0.0/8",
    exists: "*",
    regexp: "/ab+c/",
  };
  return `${name}:${texts[operator]}`;
}

Deno.test("operatorsOf() lists exactly what can be asked of each field, and in which mode", () => {
  const families = ["metadata.case", "module.pe.status", "raw.pe.machine", "text.pe"];
  for (const field of [...fields, ...families.map((name) => queryField(name)!)]) {
    const { always, advanced } = operatorsOf(field);
    for (const operator of Object.keys(operators) as Operator[]) {
      // A whole value is asked for in every way by `equals`, but for names.
      if (operator === "whole" && field.type !== "name") continue;
      // Such words mean something else, not nothing, where they aren't operators.
      if (operator === "block" && field.type !== "ip") continue;
      const text = asked(operator, field.name, field.type);
      const takes = (mode: "default" | "advanced") => {
        try {
          const query = parseQuery(text, mode);
          return operator !== "regexp" || query.type === "clause" && query.match.type === "regexp";
        } catch {
          return false;
        }
      };
      const listed = { default: always.includes(operator), advanced: advanced.includes(operator) };
      assert.deepEqual(
        { default: takes("default"), advanced: takes("advanced") && !takes("default") },
        listed,
        text,
      );
    }
  }
});
