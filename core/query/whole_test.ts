import fc from "fast-check";
import assert from "node:assert/strict";
import { fields } from "../field/catalogue.ts";
import { parseQuery } from "./parse.ts";
import { printQuery } from "./print.ts";
import { wholeClause } from "./whole.ts";

Deno.test("wholeClause() reads back as the value it was made of, whatever a sample says", () => {
  const names = fc.constantFrom(
    ...fields.filter(({ type }) => type === "name" || type === "keyword").map(({ name }) => name),
  );
  const values = fc.oneof(
    fc.string({ unit: "binary", minLength: 1, maxLength: 200 }),
    fc.constantFrom('"', "\\", "*", "a* OR *", "=x", "NOT", "(", 'http://a/?q="x" OR y', "C:\\a\\", "\n"),
  );
  fc.assert(fc.property(names, values, (field, value) => {
    const clause = wholeClause(field, value);
    assert(clause !== null);
    const read = parseQuery(printQuery(clause));
    assert(read.type === "clause");
    assert.deepEqual([read.field, read.match], [clause.field, clause.match]);
  }));
});

Deno.test("wholeClause() asks for numbers, truths, dates and addresses, and for nothing that no query may", () => {
  const text = (field: string, value: string | number | boolean) => {
    const clause = wholeClause(field, value);
    return clause && printQuery(clause);
  };
  assert.equal(text("pe.signed", true), "pe.signed:true");
  assert.equal(text("pe.overlay", 0), "pe.overlay:0");
  assert.equal(text("entropy", 7.25), "entropy:7.25");
  assert.equal(text("pe.timestamp", "2020-01-01T00:00:00.000Z"), 'pe.timestamp:"2020-01-01T00:00:00.000Z"');
  assert.equal(text("ip", "fe80::1"), 'ip:"fe80::1"');
  assert.equal(text("domain", "a.example"), "domain:=a.example");
  assert.equal(text("domain", ""), null);
  assert.equal(text("magic", "word ".repeat(200)), null);
  assert.equal(text("url", "x".repeat(11_000)), null);
});
