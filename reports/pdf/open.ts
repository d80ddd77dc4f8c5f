import { ExportError } from "@assay/infra";
import { basename, dirname } from "node:path";
import type { Finish } from "../service/exporter.ts";
import { readCoverage } from "./coverage.ts";
import { createPrinter, type PrinterOptions } from "./printer.ts";
import { printPdf } from "./print.ts";
import { decodeSource } from "./source.ts";

/** Characters of a page at most: thousands of sheets. */
const MOST_LENGTH = 32_000_000;

/** What PDFs are printed with; what is missing is null. */
export interface PdfTools {
  readonly chromium: string | null;
  readonly fonts: string | null;
}

/** Makes PDFs of sources; dispose of it to end Chromium. */
export interface PdfPress extends AsyncDisposable {
  readonly finish: Finish;
  /** Changes with what it prints with. */
  readonly parts: readonly string[];
}

/** Opens what prints PDFs. Chromium starts with the first of them; where it isn't installed each is refused. */
export async function openPress(
  { chromium, fonts }: PdfTools,
  options: Pick<PrinterOptions, "pages" | "timeout" | "memory">,
): Promise<PdfPress> {
  if (chromium === null || fonts === null) {
    const refuse = () =>
      Promise.reject(
        new ExportError("unavailable", "Cannot make the export: Chromium or its fonts are not installed"),
      );
    return { finish: refuse, parts: [], [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const coverage = await readCoverage(fonts);
  const { size } = await Deno.stat(chromium);
  // Chromium refuses to run as root inside its own sandbox.
  const printer = createPrinter({
    ...options,
    chromium,
    fonts,
    sandbox: Deno.uid() !== 0,
    maxLength: MOST_LENGTH,
  });
  return {
    finish: (rendered, signal) => printPdf(decodeSource(rendered), { printer, coverage }, signal),
    parts: [basename(fonts), basename(dirname(chromium)), String(size)],
    [Symbol.asyncDispose]: () => printer[Symbol.asyncDispose](),
  };
}
