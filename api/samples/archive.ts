import type { Sha256 } from "@assay/core";
import type { SampleStore } from "@assay/infra";
import { configure, ZipWriter } from "@zip.js/zip.js";

configure({ useWebWorkers: false });

/** How a zip keeps its members from being opened by mistake. */
export interface ArchiveOptions {
  readonly password: string;
  /** `zipcrypto` opens with every unzip; `aes` (WinZip AES-256) with most. */
  readonly encryption: "zipcrypto" | "aes";
}

/**
 * A zip of samples as it is made, members stored uncompressed and named by their SHA-256: memory stays flat whatever
 * the size. Ends with an error where a sample can't be read; lets go of the files where the reader goes away.
 */
export function streamArchive(
  sha256s: readonly Sha256[],
  samples: Pick<SampleStore, "open">,
  { password, encryption }: ArchiveOptions,
): ReadableStream<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const gone = new AbortController();

  async function write(): Promise<void> {
    const zip = new ZipWriter(writable, {
      password,
      zipCrypto: encryption === "zipcrypto",
      encryptionStrength: 3,
      level: 0,
      signal: gone.signal,
    });
    for (const sha256 of sha256s) {
      const { stream } = await samples.open(sha256);
      try {
        await zip.add(sha256, stream);
      } finally {
        if (!stream.locked) await stream.cancel();
      }
    }
    await zip.close();
  }

  const reader = readable.getReader();
  let failure: unknown;
  const writing = write().catch(async (cause) => {
    failure = cause;
    await writable.abort(cause).catch(() => {}); // locked by the zip writer or errored already: the reader is told below
    await reader.cancel(cause).catch(() => {});
  });
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read();
      if (!done) return controller.enqueue(value);
      await writing;
      if (failure === undefined) controller.close();
      else controller.error(failure);
    },
    async cancel(cause) {
      gone.abort(cause);
      await reader.cancel(cause).catch(() => {}); // errored already: nothing is left to let go of
      await writing;
    },
  }, { highWaterMark: 0 });
}
