import assert from "node:assert/strict";
import fc from "fast-check";
import { IdIndex } from "./id_index.ts";

Deno.test("IdIndex has what was added and nothing else", () => {
  const id = fc.tuple(fc.constantFrom("file", "url", "malware-analysis"), fc.uuid())
    .map(([type, uuid]) => `${type}--${uuid}`);
  fc.assert(fc.property(fc.uniqueArray(id, { maxLength: 200 }), fc.array(id), (added, others) => {
    const index = new IdIndex();
    for (const one of added.toSorted()) index.add(one);
    const known = new Set(added);
    for (const one of [...added, ...others]) assert.equal(index.has(one), known.has(one), one);
  }));
  assert.equal(new IdIndex().has("../../etc/passwd"), false);
});

Deno.test("IdIndex refuses an id that is there already, is out of order, or is none", () => {
  const index = new IdIndex();
  const id = "file--bbbbbbbb-0000-4000-8000-000000000000";
  index.add(id);
  for (const bad of [id, "file--aaaaaaaa-0000-4000-8000-000000000000", "file--", ""]) {
    assert.throws(() => index.add(bad), RangeError, bad);
  }
  index.add("url--aaaaaaaa-0000-4000-8000-000000000000");
});
