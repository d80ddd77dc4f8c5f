import assert from "node:assert/strict";
import { pe } from "../fixtures/programs.ts";
import { models, organisation, reader } from "../fixtures/reports.ts";
import { makeModel } from "../model/build.ts";
import { refang } from "../model/defang.ts";
import { type IndicatorType, indicatorTypes, type ReportModel } from "../model/model.ts";
import { isShown } from "../model/shown.ts";
import { ALL, renderText } from "./render.ts";
import { widthOf } from "./width.ts";

Deno.test("renderText() keeps to 100 columns and shows every control, whatever the sample says", () => {
  for (const [name, model] of models()) {
    const text = renderText(model);
    assert(isShown(text) && !text.includes("\t"), name);
    for (const line of text.split("\n")) {
      assert(widthOf(line) <= 100, `${name}: ${widthOf(line)} columns: ${line}`);
      assert.equal(line, line.trimEnd(), name);
    }
  }
});

Deno.test("renderText() goes from the verdict to the method and says nothing twice", () => {
  const text = renderText(models().get("pe")!);
  const order = [
    "Verdict",
    "TLP",
    "SHA-256",
    "Name",
    "Contents",
    "1. Summary",
    "2. Engines",
    "3. Identification",
  ];
  const places = order.map((title) => text.search(new RegExp(`^ *${title}`, "m")));
  assert.deepEqual(places, places.toSorted((a, b) => a - b));
  assert.match(text, /^ {2}capa {5}timeout {2}not done after 60 s/m);
  assert.match(text, /^ {2}elf {6}skipped {2}takes elf only/m);
  assert.match(text, /clamav {3}ok {7}malicious: Win\.Loader\.Emotet-1 \[Emotet\]/);
  assert.match(text, /strings: 2,000 of 41,233 kept/);
  assert.match(text, /alice, 2026-11-21T09:00:00\.000Z, edited .*, TLP:RED/);
});

Deno.test("renderText() leaves no link, also in notes and tables", () => {
  for (const [name, model] of models()) {
    const text = renderText(model);
    assert.doesNotMatch(text, /:\/\/|\bwww\.|\w@\w/i, name);
    if (!name.startsWith("hostile")) assert.doesNotMatch(text, /evil\.example/i, name);
  }
});

Deno.test("renderText() keeps every digest on one line but SHA-512, which is longer than a line", () => {
  const text = renderText(models().get("pe")!);
  const { sha512, ...digests } = models().get("pe")!.digests;
  for (const digest of Object.values(digests)) assert(text.includes(`${digest}\n`));
  assert(text.replace(/\n +/g, "").includes(sha512!));
});

Deno.test("renderText() gives back every indicator of the model once refanged", () => {
  for (const [name, model] of models()) {
    assert.deepEqual(readIndicators(renderText(model)), indicatorsOf(model), name);
  }
});

Deno.test("renderText() carries the constant line", () => {
  for (const model of models().values()) {
    assert(renderText(model).includes(`\n${model.statement}\n`));
  }
});

Deno.test("renderText() has the sections that were asked for, numbered anew, and what the organisation says", () => {
  const said = {
    ...organisation,
    tlpStatement: "Do not pass on.",
    notification: `Ask ${"us ".repeat(60)}first.`,
  };
  const model = makeModel({ report: pe(), organisation: said, visibility: reader });
  const text = renderText(model, { defang: true, sections: new Set(["method", "indicators"]) });
  assert.match(text, /Contents\n {2}1\. Indicators\n {2}2\. Method\n\n1\. Indicators\n/);
  assert.doesNotMatch(text, /Summary/);
  assert.match(text, /={100}\nDo not pass on\.\n\nAsk us .*\n.*first\.\n\nContains what/);
  for (const line of text.split("\n")) assert(widthOf(line) <= 100, line);
});

Deno.test("renderText() leaves links where they were asked for", () => {
  const text = renderText(models().get("pe")!, { ...ALL, defang: false });
  assert.match(text, /http:\/\/update\.evil\.example\/gate\.php/);
  assert.doesNotMatch(text, /evil\[\.\]example/);
});

function indicatorsOf({ indicators }: ReportModel): string[] {
  return indicators.map(({ type, value }) => `${type} ${value.replace(/ +$/, "")}`).sort();
}

/** Reads the section of indicators as a person would: kind from the headings, values joined from their lines. */
function readIndicators(text: string): string[] {
  const section = /\n\d+\. Indicators\n-+\n(.*?)\n\n(?=\d+\. |={100})/s.exec(text)?.[1] ?? "";
  const found: { type: IndicatorType; value: string }[] = [];
  let type: IndicatorType = "url";
  for (const line of section.split("\n")) {
    if (line.startsWith("        ")) found.at(-1)!.value += line.slice(8);
    else if (line.startsWith("    ")) found.push({ type, value: line.slice(4) });
    else if (line !== "") {
      const word = line.trim().split(",")[0] as IndicatorType;
      if (indicatorTypes.includes(word)) type = word;
    }
  }
  return found.map(({ type, value }) => `${type} ${refang(type, value)}`).sort();
}
