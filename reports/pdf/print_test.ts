import { PDFDocument, PDFName } from "@cantoo/pdf-lib";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { testPrintParts } from "../../infra/install/testing.ts";
import { hostile } from "../fixtures/hostile.ts";
import { models, organisation, reader } from "../fixtures/reports.ts";
import { makeModel } from "../model/build.ts";
import { defang } from "../model/defang.ts";
import type { ReportModel } from "../model/model.ts";
import { ALL } from "../text/render.ts";
import { readCoverage } from "./coverage.ts";
import type { Printer } from "./printer.ts";
import { printPdf } from "./print.ts";
import { renderPdfSource, renderPdfSourceMany } from "./render.ts";
import type { PdfSource } from "./source.ts";
import { checkPdfs, testPrinter, testSource } from "./testing.ts";

async function press(printer: Printer): Promise<(source: PdfSource) => Promise<Uint8Array>> {
  const coverage = await readCoverage((await testPrintParts()).fonts);
  return (source) => printPdf(source, { printer, coverage }, new AbortController().signal);
}

const everything = { ...ALL, techniques: null, stix: null };

/** Names that have hurt fonts: every kind of script, what no font has, and marks on marks. */
const names = [
  "漢字かなカナ한국어简体字繁體.exe",
  "فاتورة ١٢٣.exe",
  "חשבון א1.scr",
  "हिन्दी বাংলা தமிழ் ไทย ລາວ ខ្មែរ ქართული Հայերեն አማርኛ",
  "😀🎉👍🏽❤️👨‍👩‍👧 → ✓ ∑ ☃ ⚠ € ½ ㎏",
  "ꙮ 𐍈 𓀀 ᚠ ⠿ 𝔘 \u{E000} \uFFFF \u{1F9FF}",
  "mu\u0308nchen e\u0301\u0302\u0303 \u0300 alone",
  "   ",
];

Deno.test("PDFs of all kinds of reports, and of many at once, are PDF/UA-1 and say the same indicators as the model", async () => {
  await using printer = await testPrinter();
  const print = await press(printer);
  const all = new Map([
    ...models(),
    ...names.map((name) =>
      [name, makeModel({ report: hostile(name), organisation, visibility: reader })] as const
    ),
  ]);
  const pdfs = new Map<string, Uint8Array>();
  for (const [name, model] of all) pdfs.set(name, await print(await testSource(model)));
  const some = [...models().values()].slice(0, 12);
  pdfs.set("many", await print(renderPdfSourceMany(some, organisation, everything)));
  const checked = await checkPdfs(pdfs);
  assert.equal(checked.size, pdfs.size);
  for (const [name, { breaches, text }] of checked) {
    assert.deepEqual(breaches, [], name);
    const model = all.get(name);
    if (model === undefined) continue;
    for (const value of plainIndicators(model)) {
      assert(bare(text).includes(bare(value)), `${name}: ${value}`);
    }
    const pages = [...text.matchAll(/Page (\d+) of (\d+)/g)];
    assert(pages.length > 0 && pages.every(([, page], i) => Number(page) === i + 1), name);
    assert.equal(Number(pages[0]![2]), pages.length, name);
    const label = new RegExp(`^${model.statement.split(" ").at(-1)!.replace("+", "\\+")}`, "gm");
    assert(text.match(label)!.length >= 2 * pages.length, name);
  }
});

/** Indicators as they stand there; of scripts whose characters are drawn in another order than they are written, none. */
function plainIndicators({ indicators }: ReportModel): string[] {
  return indicators.map(({ type, value }) => defang(type, value))
    .filter((value) =>
      /^[\p{Script=Latin}\p{Script=Han}\p{Script=Cyrillic}\p{ASCII}]*$/u.test(value.normalize("NFC"))
    )
    .filter((value) => value === value.normalize("NFC") && !/\p{M}/u.test(value));
}

/** Without what stands in margins and without spaces, which fall at the ends of lines. */
function bare(text: string): string {
  return text.replace(/^TLP:.*(?:\nTLP:.*Page \d+ of \d+.*)?$/gm, "").replace(/\s+/g, "");
}

Deno.test("a PDF has its names, its one date, its language, its bundle and nothing that acts", async () => {
  await using printer = await testPrinter();
  const print = await press(printer);
  const model = models().get("pe")!;
  const bytes = await print(await testSource(model));
  const pdf = await PDFDocument.load(bytes, { updateMetadata: false });
  assert.equal(pdf.getTitle(), `TLP:RED Malware analysis report ${model.sha256}`);
  assert.equal(pdf.getAuthor(), organisation.name);
  assert.equal(pdf.getCreationDate()?.toISOString(), model.modified);
  assert.equal(pdf.getModificationDate()?.toISOString(), model.modified);
  assert.equal(pdf.catalog.get(PDFName.of("Lang"))?.toString(), "(en)");
  const [attached] = pdf.getAttachments();
  assert.equal(attached?.name, `report-${model.id}.stix.json`);
  assert.equal(JSON.parse(new TextDecoder().decode(attached!.data)).type, "bundle");
  const text = new TextDecoder("latin1").decode(bytes);
  assert.doesNotMatch(text, /\/(?:JavaScript|JS|Launch|URI|SubmitForm|OpenAction|AA)\b/);
});

Deno.test("a PDF of chosen parts has no bundle, since that has all", () => {
  const source = renderPdfSource(models().get("pe")!, { ...everything, sections: new Set(["summary"]) });
  assert.equal(source.attachment, null);
});

Deno.test("a PDF has the same bytes whatever was printed before, in another Chromium too", async () => {
  const digests: string[] = [];
  const [first, second] = [models().get("ran")!, models().get("archive")!];
  for (const order of [[first, second], [second, first]]) {
    await using printer = await testPrinter();
    const print = await press(printer);
    for (const model of order) {
      const bytes = await print(await testSource(model));
      digests.push(createHash("sha256").update(bytes).digest("hex"));
    }
  }
  assert.deepEqual([digests[0], digests[1]], [digests[3], digests[2]]);
});
