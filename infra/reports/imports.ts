import { type ImportOptions, ImportReading, UnreadableImportError } from "@assay/core";
import { askReports, type ReportExportsAddress } from "./client.ts";
import { ExportError, IMPORT_PATH } from "./contract.ts";

/** Reads what partners send: in the reports process itself, or by asking it. */
export interface ImportReader {
  /**
   * What the file says; nothing is kept. @throws {UnreadableImportError} where nothing can be made of it @throws {ExportError} where it
   * can't be read here or now; the signal's reason where that ended it
   */
  read(file: Uint8Array<ArrayBuffer>, options: ImportOptions, signal: AbortSignal): Promise<ImportReading>;
}

/** Has the reports process read, by HTTP on this machine. */
export function connectImportReader(address: ReportExportsAddress): ImportReader {
  return {
    async read(body, options, signal) {
      try {
        const path = `${IMPORT_PATH}?${new URLSearchParams(options)}`;
        const response = await askReports(address, path, { method: "POST", body, signal });
        return ImportReading.parse(await response.json());
      } catch (cause) {
        const isUnreadable = cause instanceof ExportError && cause.refusal === "unreadable";
        throw isUnreadable ? new UnreadableImportError(cause.message, { cause }) : cause;
      }
    },
  };
}
