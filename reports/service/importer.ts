import { ImportReading, type Timestamp } from "@assay/core";
import { ExportError, type ExportRefusal, type ImportReader } from "@assay/infra";
import type { ReadJob } from "../pool/messages.ts";
import type { RendererPool } from "../pool/pool.ts";
import type { Gate } from "./gate.ts";

/** What imports are read with. */
export interface ImporterOptions {
  readonly pool: Pick<RendererPool, "render">;
  readonly gate: Gate;
  readonly now: () => Date;
}

/** What ends a renderer's work, as who sends a file should hear it. */
const WORDS: Partial<Record<ExportRefusal, string>> = {
  timeout: "Cannot read the file: it takes too long; send it in parts",
  "too-large": "Cannot read the file: it takes too much memory; send it in parts",
  failed: "Cannot read the file",
  unavailable: "Cannot read STIX: OASIS's schemas of STIX are not installed",
};

/** Reads what partners send, in a renderer of the pool: what it says may be anything. */
export function createImporter({ pool, gate, now }: ImporterOptions): ImportReader {
  return {
    async read(file, read, signal) {
      const leave = await gate.enter(signal);
      try {
        const job: ReadJob = { read, now: now().toISOString() as Timestamp, file: file.toBase64() };
        const made = await pool.render(new TextEncoder().encode(JSON.stringify(job)), signal);
        return ImportReading.parse(JSON.parse(new TextDecoder().decode(made)));
      } catch (cause) {
        const words = cause instanceof ExportError ? WORDS[cause.refusal] : undefined;
        if (words === undefined) throw cause;
        const { refusal, retryAfter } = cause as ExportError;
        throw new ExportError(refusal, words, { retryAfter, cause });
      } finally {
        leave();
      }
    },
  };
}
