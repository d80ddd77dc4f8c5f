import { testPdfChecker, testPrintParts } from "../../infra/install/testing.ts";
import type { ReportModel } from "../model/model.ts";
import { testSettings } from "../stix/testing.ts";
import { ALL } from "../text/render.ts";
import { createPrinter, type Printer, type PrinterOptions } from "./printer.ts";
import { renderPdfSource } from "./render.ts";
import type { PdfSource } from "./source.ts";

/** A printer with the installed Chromium and fonts, closed at the end of `await using`. */
export async function testPrinter(given: Partial<PrinterOptions> = {}): Promise<Printer> {
  return createPrinter({
    ...await testPrintParts(),
    sandbox: Deno.uid() !== 0,
    pages: 2,
    timeout: 60_000,
    memory: 1024 ** 3,
    maxLength: 16_000_000,
    ...given,
  });
}

/** What a PDF of the whole report is printed from, its bundle inside. */
export async function testSource(model: ReportModel): Promise<PdfSource> {
  const stix = await testSettings();
  return renderPdfSource(model, { ...ALL, techniques: stix.techniques, stix });
}

/** What a reader of PDF finds in a file. */
export interface CheckedPdf {
  /** Rules of PDF/UA-1 that it breaks. */
  readonly breaches: readonly string[];
  /** Its text in the order of its content. */
  readonly text: string;
}

/** Checks PDFs with veraPDF and reads their text with PDFBox, all in one process, which takes seconds to start. */
export async function checkPdfs(pdfs: ReadonlyMap<string, Uint8Array>): Promise<Map<string, CheckedPdf>> {
  const folder = await Deno.makeTempDir({ prefix: "assay-pdf-" });
  try {
    const names = [...pdfs.keys()];
    const files = names.map((_, i) => `${folder}/${i}.pdf`);
    for (const [i, bytes] of [...pdfs.values()].entries()) await Deno.writeFile(files[i]!, bytes);
    const parts = (await testPdfChecker(files)).split(/^file \d+\.pdf\n/m).slice(1);
    return new Map(parts.map((part, i) => {
      const lines = part.split("\n");
      const of = (word: string) =>
        lines.filter((line) => line.startsWith(word)).map((line) => line.slice(word.length));
      return [names[i]!, { breaches: of("breach "), text: of("text ").join("\n") }];
    }));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
