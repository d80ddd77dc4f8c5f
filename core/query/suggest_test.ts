import assert from "node:assert/strict";
import { completionAt } from "./complete.ts";
import { parseQuery } from "./parse.ts";
import { suggestAt } from "./suggest.ts";

const suggested = (marked: string, size = 50) =>
  suggestAt(completionAt(marked.replace("|", ""), marked.indexOf("|")), size).map(({ text }) => text);

Deno.test("suggestAt() suggests fields by how their names begin, then by their parts", () => {
  assert.deepEqual(suggested("ver|"), ["verdict:", "pe.overlay:"]);
  assert.deepEqual(suggested("IMP|").slice(0, 3), ["pe.imphash:", "pe.import:", "elf.import:"]);
  assert.deepEqual(suggested("metad|"), ["metadata."]);
  assert.deepEqual(suggested("raw|"), ["raw."]);
  assert.deepEqual(suggested("zzz|"), []);
  assert.equal(suggested("|", 7).length, 7);
});

Deno.test("suggestAt() suggests operators where they may stand", () => {
  assert.deepEqual(suggested("emotet |", 3), ["AND ", "OR ", "NOT "]);
  assert.deepEqual(suggested("emotet an|", 1), ["AND "]);
  assert.deepEqual(suggested("emotet AND O|").includes("OR "), false);
  assert.deepEqual(suggested("tag:(a |"), ["AND ", "OR ", "NOT "]);
  assert.deepEqual(suggested('"in a phrase |'), []);
});

Deno.test("suggestAt() suggests bounds that the parser takes", () => {
  for (
    const marked of [
      "seen:|",
      "seen:>=|",
      "seen:>now-|",
      "size:|",
      "size:<|",
      "score:|",
      "pe.section.entropy:|",
    ]
  ) {
    const texts = suggested(marked);
    assert(texts.length > 0, marked);
    for (const text of texts) {
      const { place } = completionAt(marked.replace("|", ""), marked.indexOf("|"));
      parseQuery(marked.slice(0, place.start) + text);
    }
  }
  assert.deepEqual(suggested("seen:>now-3|"), ["now-30d"]);
  assert.deepEqual(suggested("tag:|"), []);
});
