import type { Sha256, SubmittedFile, Visibility } from "@assay/core";
import pLimit from "p-limit";
import type { ApiDependencies } from "../app/dependencies.ts";
import { ProblemError } from "../problem/problem.ts";

/** Look-ups at a time. */
const AT_ONCE = 4;

/**
 * The files of known hashes. Knowing a hash grants nothing: one that the reader may not see is refused in the very
 * words of one that isn't there, and then nothing is submitted.
 */
export async function findKnown(
  hashes: readonly Sha256[],
  visibility: Visibility,
  { sampleFacts, samples }: Pick<ApiDependencies, "sampleFacts" | "samples">,
): Promise<SubmittedFile[]> {
  const limit = pLimit(AT_ONCE);
  const files = await Promise.all(hashes.map((sha256) =>
    limit(async (): Promise<SubmittedFile | null> => {
      if (!await sampleFacts.isVisible(sha256, visibility)) return null;
      const size = await samples.size(sha256);
      if (size === null) return null;
      const facts = await sampleFacts.find(sha256, visibility);
      return { sha256, size, name: facts?.submissions.find(({ name }) => name !== null)?.name ?? null };
    })
  ));
  const missing = hashes.filter((_, i) => files[i] === null);
  if (missing.length === 0) return files.filter((file) => file !== null);
  throw new ProblemError(
    "not-found",
    `Cannot submit: ${missing.length} of ${hashes.length} samples are not found`,
    {
      extra: {
        errors: hashes.flatMap((hash, i) =>
          files[i] === null ? [{ field: `hashes.${i}`, message: `Cannot find sample '${hash}'` }] : []
        ).slice(0, 100),
      },
    },
  );
}
