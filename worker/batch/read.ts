import type { ClaimedTask } from "@assay/core";
import { pause, type SampleStore, SampleStoreAwayError } from "@assay/infra";

const PATIENCE = { first: 500, most: 15_000 };

/** Waits while the volume is away; what is missing on a volume that is there is missing. */
export async function readPatiently(
  samples: SampleStore,
  sha256: ClaimedTask["sha256"],
  signal: AbortSignal,
): Promise<Uint8Array> {
  for (let wait = PATIENCE.first;; wait = Math.min(2 * wait, PATIENCE.most)) {
    signal.throwIfAborted();
    try {
      return await samples.read(sha256);
    } catch (error) {
      if (!(error instanceof SampleStoreAwayError)) throw error;
      await pause(wait, signal);
    }
  }
}
