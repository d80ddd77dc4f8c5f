import assert from "node:assert/strict";
import { csvLine } from "./csv.ts";

Deno.test("csvLine() quotes what RFC 4180 wants quoted", () => {
  assert.equal(csvLine(["a", 'say "b"', "c,d", "e\r\nf", "", null]), 'a,"say ""b""","c,d","e\r\nf",,\r\n');
});

Deno.test("csvLine() starts no text as a formula, and leaves numbers alone", () => {
  for (const text of ["=1+1", "+1", "-1", "@x", "|x", " =1", "\t=1", "＝1", "'=1"]) {
    assert.ok(csvLine([text]).startsWith("'"), text);
  }
  assert.equal(csvLine([-1.5, true, 0]), "-1.5,true,0\r\n");
  assert.equal(csvLine(["\r=1"]), '"\'\r=1"\r\n');
});
