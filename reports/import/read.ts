import { IMPORT_LIMITS, type ImportOptions, type ImportReading, UnreadableImportError } from "@assay/core";
import type { StixSchemas } from "../stix/schemas.ts";
import { readBundle } from "./bundle.ts";
import { readKnown, readLines, readTable } from "./list.ts";
import { decode, parseJson } from "./parse.ts";

/**
 * Reads a partner's file: which hashes it calls good or bad, what it says about files, and what of it is invalid or not
 * understood. Nothing is kept. @throws {UnreadableImportError} where nothing can be made of it
 */
export function readImport(
  bytes: Uint8Array,
  options: ImportOptions,
  { schemas, now }: { readonly schemas: () => StixSchemas; readonly now: Date },
): ImportReading {
  if (bytes.length > IMPORT_LIMITS.bytes) {
    throw new UnreadableImportError(`Cannot read file: expected at most ${IMPORT_LIMITS.bytes} bytes`);
  }
  switch (options.format) {
    case "stix":
      return readBundle(parseJson(bytes), { schemas: schemas(), now, options });
    case "known":
      return readKnown(parseJson(bytes), options);
    case "csv":
      return readTable(decode(bytes), options);
    case "text":
      return readLines(decode(bytes), options);
  }
}
