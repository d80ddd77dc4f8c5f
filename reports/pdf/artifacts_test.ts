import assert from "node:assert/strict";
import { markArtifacts } from "./artifacts.ts";

function marked(content: string): string {
  const bytes = markArtifacts(new TextEncoder().encode(content));
  return new TextDecoder().decode(bytes).replace(/\s+/g, " ").trim();
}

Deno.test("markArtifacts() marks what is drawn outside marked content, and nothing inside", () => {
  assert.equal(
    marked("q 0 0 5 5 re f Q /P <</MCID 0>> BDC 0 0 1 1 re f EMC 1 1 m 2 2 l S"),
    "q /Artifact BMC 0 0 5 5 re f EMC Q /P <</MCID 0>> BDC 0 0 1 1 re f EMC /Artifact BMC 1 1 m 2 2 l S EMC",
  );
});

Deno.test("markArtifacts() begins and ends marks inside text objects where they show text", () => {
  assert.equal(
    marked("BT /F4 16 Tf <0037> Tj 9 0 Td <002F> Tj ET BT /F4 1 Tf /P <</MCID 1>> BDC (a) Tj EMC (b) Tj ET"),
    "BT /F4 16 Tf /Artifact BMC <0037> Tj 9 0 Td <002F> Tj EMC ET " +
      "BT /F4 1 Tf /P <</MCID 1>> BDC (a) Tj EMC /Artifact BMC (b) Tj EMC ET",
  );
});

Deno.test("markArtifacts() ends its mark before marked content begins, also where one lies in another", () => {
  assert.equal(
    marked("BT (a) Tj /Span <</ActualText (x)>> BDC /P BMC (b) Tj EMC EMC ET"),
    "BT /Artifact BMC (a) Tj EMC /Span <</ActualText (x)>> BDC /P BMC (b) Tj EMC EMC ET",
  );
});

Deno.test("markArtifacts() takes no word inside strings, names and comments for an operator", () => {
  assert.equal(marked("/re gs (re f \\) (BDC)) pop % re f\n"), "/re gs (re f \\) (BDC)) pop % re f");
  assert.equal(marked("[(f) -3 (re)] TJ"), "/Artifact BMC [(f) -3 (re)] TJ EMC");
});

Deno.test("markArtifacts() refuses what it can't read", () => {
  assert.throws(() => marked("BI /W 1 ID x EI"), /Cannot mark content: unexpected inline image at 0/);
  assert.throws(() => marked("(never ends"), SyntaxError);
  assert.throws(() => marked("<00"), SyntaxError);
});
