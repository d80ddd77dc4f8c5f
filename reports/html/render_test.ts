import { reportSections } from "@assay/core";
import fc from "fast-check";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { hostile } from "../fixtures/hostile.ts";
import { pe } from "../fixtures/programs.ts";
import { models, note, organisation, reader } from "../fixtures/reports.ts";
import { makeModel } from "../model/build.ts";
import { isShown } from "../model/shown.ts";
import { ALL } from "../text/render.ts";
import { testSettings } from "../stix/testing.ts";
import type { HtmlOptions } from "./part.ts";
import { MOST_REPORTS, renderHtml, renderHtmlMany } from "./render.ts";
import { elementOf, findFlaws, indicatorsOf, readIndicators, textOf } from "./testing.ts";

const everything: HtmlOptions = { ...ALL, techniques: null };

Deno.test("renderHtml() keeps to its own elements, attributes and links, whatever the sample says", () => {
  for (const [name, model] of models()) {
    const page = renderHtml(model, everything);
    assert.deepEqual(findFlaws(page), [], name);
    assert(isShown(page.replaceAll("\t", "")), name);
  }
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      const model = makeModel({
        report: hostile(text),
        organisation,
        visibility: reader,
        notes: [{ ...note, text }],
      });
      assert.deepEqual(findFlaws(renderHtml(model, everything)), []);
      assert.deepEqual(findFlaws(renderHtml(model, { ...everything, defang: false })), []);
    }),
    { numRuns: 100 },
  );
});

Deno.test("renderHtml() shows what hostile names are made of", () => {
  const page = (text: string) =>
    textOf(renderHtml(makeModel({ report: hostile(text), organisation, visibility: reader }), everything));
  assert.match(page("<script>alert(1)</script>"), /<script>alert\(1\)<\/script>/);
  assert.match(page(`"'><img src=x onerror=alert(1)>`), /"'><img src=x onerror=alert\(1\)>/);
  assert.match(page("nul\0here"), /nul\[U\+0000\]here/);
  assert.match(page("invoice\u202Efdp.exe"), /invoice\[U\+202E\]fdp\.exe/);
});

Deno.test("renderHtml() gives a page that may do nothing: its policy allows its own style sheet and no more", () => {
  for (const model of models().values()) {
    const page = renderHtml(model, everything);
    const sheet = /<style>([^<]*)<\/style>/.exec(page)![1]!;
    const policy = textOf(/http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!);
    assert.equal(
      policy,
      `default-src 'none'; style-src 'sha256-${
        createHash("sha256").update(sheet).digest("base64")
      }'; img-src data:; base-uri 'none'; form-action 'none'`,
    );
    assert.doesNotMatch(sheet, /url\(|@import|expression/i);
  }
});

Deno.test("renderHtml() gives back every indicator of the model once refanged", () => {
  for (const [name, model] of models()) {
    assert.deepEqual(readIndicators(renderHtml(model, everything)), indicatorsOf(model), name);
  }
});

Deno.test("renderHtml() leaves no link, also in notes, tables and raw output", () => {
  for (const [name, model] of models()) {
    // The organisation's own address, above this, is to be used.
    const text = textOf(elementOf(renderHtml(model, everything), "<main>", "main"));
    assert.doesNotMatch(text, /:\/\/|\bwww\.|\w@[a-z]/i, name);
    if (!name.startsWith("hostile")) assert.doesNotMatch(text, /evil\.example/i, name);
  }
});

Deno.test("renderHtml() leaves links as they are where that is asked for", () => {
  const page = renderHtml(models().get("pe")!, { ...everything, defang: false });
  assert(textOf(page).includes("http://update.evil.example/gate.php?id=1&q='a'"));
  assert.deepEqual(findFlaws(page), []);
});

Deno.test("renderHtml() goes from the level and the verdict to raw output, in the chosen parts", () => {
  const model = models().get("pe")!;
  const page = renderHtml(model, everything);
  const order = [
    "TLP:RED",
    "malicious",
    "SHA-256",
    "Contents",
    "1. Summary",
    "2. Engines",
    "3. Identification",
  ]
    .concat(["4. Static analysis", "5. MITRE ATT&amp;CK", "6. Indicators", "7. Notes"])
    .concat(["8. What could not be determined", "9. Method", "10. Appendix"]);
  const body = page.slice(page.indexOf("<body>"));
  const places = order.map((word) => body.indexOf(word));
  assert(places.every((place) => place >= 0), order[places.findIndex((place) => place < 0)]);
  assert.deepEqual(places, places.toSorted((a, b) => a - b));
  const few = renderHtml(model, { ...everything, sections: new Set(["indicators", "method"]) });
  assert.deepEqual([...few.matchAll(/<section aria-labelledby="([^"]+)"/g)].map(([, id]) => id), [
    "indicators",
    "method",
  ]);
  assert.deepEqual([...few.matchAll(/<li><a href="#([^"]+)"/g)].map(([, id]) => id), [
    "indicators",
    "method",
  ]);
});

Deno.test("renderHtml() names every engine, those that failed too, and why", () => {
  for (const [name, model] of models()) {
    const text = textOf(
      elementOf(renderHtml(model, everything), '<section aria-labelledby="engines">', "section"),
    );
    for (const engine of model.engines) assert(text.includes(engine.name), `${name}: ${engine.name}`);
  }
  const failed = textOf(renderHtml(models().get("allFailed")!, everything));
  assert.match(failed, /Cannot reach clamd: expected a reply/);
  assert.match(failed, /not done after 60 s/);
});

Deno.test("renderHtml() keeps every digest whole in an element of its own", () => {
  const model = models().get("pe")!;
  const page = renderHtml(model, everything);
  const { ssdeep: _, ...digests } = model.digests;
  for (const digest of Object.values(digests)) {
    assert.match(page, new RegExp(`<code class="digest[^>]*>${digest}</code>`));
  }
});

Deno.test("renderHtml() carries level, constant line, and what the organisation says", () => {
  for (const model of models().values()) {
    const page = renderHtml(model, everything);
    assert(page.includes(`<strong>${model.statement}.</strong>`));
  }
  const logo = "data:image/png;base64,iVBORw0KGgo=";
  const told = makeModel({
    report: pe(),
    organisation: {
      ...organisation,
      logo,
      notification: "Call us <first>",
      tlpStatement: "Recipients only.",
    },
    visibility: reader,
  });
  const page = renderHtml(told, everything);
  assert(page.includes(`<img src="${logo}" alt="">`));
  assert(page.includes("Call us &lt;first&gt;") && page.includes("Recipients only."));
  assert.deepEqual(findFlaws(page), []);
});

Deno.test("renderHtml() names techniques as MITRE does where that is known", async () => {
  const { techniques } = await testSettings();
  const text = textOf(renderHtml(models().get("pe")!, { ...everything, techniques }));
  assert.match(text, /T1055\.012\s*Process Hollowing/);
});

Deno.test("renderHtmlMany() puts reports below a table of them, marked with the most restricted level", () => {
  const all = [...models().values()];
  const page = renderHtmlMany(all, organisation, everything);
  assert.deepEqual(findFlaws(page), []);
  assert.match(page, /<strong>Contains what its recipient may see at TLP:RED\.<\/strong>/);
  const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id!);
  assert.equal(new Set(ids).size, ids.length);
  for (const [, place] of page.matchAll(/href="#([^"]+)"/g)) assert(ids.includes(place!), place);
  assert.equal(page.match(/<article /g)!.length, all.length);
  for (const { sha256 } of all) assert(elementOf(page, '<table class="overview">', "table").includes(sha256));
});

Deno.test("renderHtmlMany() refuses none and too many", () => {
  const model = models().get("elf")!;
  assert.throws(
    () => renderHtmlMany([], organisation, everything),
    /Cannot put 0 reports on a page: expected 1 to/,
  );
  assert.throws(
    () => renderHtmlMany(Array(MOST_REPORTS + 1).fill(model), organisation, everything),
    RangeError,
  );
});

Deno.test("renderHtml() gives no element where a part is empty", () => {
  assert.doesNotMatch(
    renderHtml(models().get("noEngine")!, everything),
    /<section aria-labelledby="(attack|indicators|related)"/,
  );
  assert.equal(reportSections.length, 12);
});
