import type { Report, TaskId } from "@assay/core";
import type { Client } from "@elastic/elasticsearch";
import { constants, zstdCompressSync, zstdDecompressSync } from "node:zlib";
import { reach, SearchUnavailableError } from "./unavailable.ts";

/** The stored field that holds a whole report: its JSON, compressed by zstd, in base64. */
export const REPORT = "report";

/** A fifth of the JSON's size; a higher level saves a twentieth more and takes twice as long. */
const LEVEL = 3;
/** Most reports are unpacked in one go: bytes. */
const CHUNK = 131_072;

/** A report as it is stored. */
export function packReport(report: Report): string {
  const params = { [constants.ZSTD_c_compressionLevel]: LEVEL };
  return zstdCompressSync(JSON.stringify(report), { params }).toString("base64");
}

/** The report of a hit or document that was asked for its stored field {@link REPORT}; null where it has none. */
export function unpackReport(found: { readonly fields?: Readonly<Record<string, unknown>> }): Report | null {
  const packed = (found.fields?.[REPORT] as readonly string[] | undefined)?.[0];
  if (packed === undefined) return null;
  return JSON.parse(zstdDecompressSync(Buffer.from(packed, "base64"), { chunkSize: CHUNK }).toString());
}

/**
 * Stored reports by id, those that are there. At most some dozens at once: each may hold a megabyte.
 * @throws {SearchUnavailableError} where one can't be read now
 */
export async function readReports(
  client: Client,
  alias: string,
  ids: readonly string[],
): Promise<Map<TaskId, Report>> {
  if (ids.length === 0) return new Map();
  const docs = ids.map((_id) => ({ _id, stored_fields: [REPORT] }));
  const answer = await reach("read reports", () => client.mget({ index: alias, docs }));
  const reports = answer.docs.flatMap((doc) => {
    if ("found" in doc) return unpackReport(doc) ?? [];
    if (doc.error.type === "index_not_found_exception") return [];
    throw new SearchUnavailableError(
      `Cannot read report '${doc._id}': ${doc.error.reason ?? doc.error.type}`,
    );
  });
  return new Map(reports.map((report) => [report.id, report]));
}
