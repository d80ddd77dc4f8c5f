import assert from "node:assert/strict";
import fc from "fast-check";
import { equalsClause, spanClause, valueTexts } from "./clause.ts";
import { parseQuery } from "./parse.ts";
import { printQuery } from "./print.ts";

const placeless = (query: unknown) =>
  JSON.parse(JSON.stringify(query, (key, value) => key === "place" ? undefined : value));

Deno.test("valueTexts() gives text that reads back as the value and as its opposite", () => {
  const fields = fc.constantFrom("tag", "name");
  fc.assert(fc.property(fields, fc.string({ minLength: 1, unit: "binary" }), (field, value) => {
    const { include, exclude } = valueTexts(field, value);
    const clause = placeless(equalsClause(field, value));
    assert.deepEqual(placeless(parseQuery(include)), clause);
    assert.deepEqual(placeless(parseQuery(exclude)), { type: "not", of: clause });
    assert.deepEqual(placeless(parseQuery(`${include} ${exclude}`)).of.length, 2);
  }));
});

Deno.test("spanClause() reads back with its lower end in and its upper end out", () => {
  for (
    const [field, from, to] of [["size", "-5", "1000000"], ["entropy", "0.1", "1e-7"], [
      "seen",
      "2024-01-01T00:00:00.000Z",
      "2024-02-01T00:00:00.000Z",
    ]] as const
  ) {
    const clause = spanClause(field, from, to);
    assert.deepEqual(placeless(parseQuery(printQuery(clause))), placeless(clause));
  }
});
