import type { Report } from "@assay/core";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";

/** The stored field that holds a whole report: its JSON, compressed by zstd, in base64. */
export const REPORT = "report";

/** A fifth of the JSON's size; a higher level saves a twentieth more and takes twice as long. */
const LEVEL = 3;

/** A report as it is stored. */
export function packReport(report: Report): string {
  const params = { [constants.ZSTD_c_compressionLevel]: LEVEL };
  return zstdCompressSync(JSON.stringify(report), { params }).toString("base64");
}

/** The report of a hit or document that was asked for its stored field {@link REPORT}; null where it has none. */
export function unpackReport(found: { readonly fields?: Readonly<Record<string, unknown>> }): Report | null {
  const packed = (found.fields?.[REPORT] as readonly string[] | undefined)?.[0];
  if (packed === undefined) return null;
  return JSON.parse(zstdDecompressSync(Buffer.from(packed, "base64")).toString());
}
