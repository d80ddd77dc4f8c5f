import { type Coverage, nameUncovered } from "./coverage.ts";
import { finishPdf } from "./finish.ts";
import type { Printer } from "./printer.ts";
import type { PdfSource } from "./source.ts";

/** Prints a source: the same source gives the same bytes, in any process. @throws {ExportError} where it can't be printed */
export async function printPdf(
  source: PdfSource,
  { printer, coverage }: { readonly printer: Printer; readonly coverage: Coverage },
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const printed = await printer.print(nameUncovered(source.html, coverage), signal);
  return await finishPdf(printed, source);
}
