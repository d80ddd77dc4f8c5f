import { z } from "zod";
import { Sha256 } from "../id/id.ts";

/** Ways in which samples can be alike. */
export const SimilarityMethod = z.enum(["ssdeep", "tlsh", "imphash", "richHash", "section"]);
/** A way in which samples can be alike. */
export type SimilarityMethod = z.infer<typeof SimilarityMethod>;

/** Why a sample is like another, by one method. `value` is the other sample's. */
export const SimilarityEvidence = z.discriminatedUnion("method", [
  z.object({ method: z.literal("ssdeep"), score: z.number().int().min(1).max(100), value: z.string() }),
  z.object({ method: z.literal("tlsh"), distance: z.number().int().nonnegative(), value: z.string() }),
  z.object({ method: z.literal("imphash"), value: z.string() }),
  z.object({ method: z.literal("richHash"), value: z.string() }),
  z.object({
    method: z.literal("section"),
    /** Sections with the same bytes; `name` is the first sample's. */
    sections: z.array(z.object({ sha256: Sha256, name: z.string().nullable() })).min(1),
  }),
]);
/** Why a sample is like another, by one method. */
export type SimilarityEvidence = z.infer<typeof SimilarityEvidence>;

/**
 * How much a piece of evidence counts when hits are put in order, 0 to 100: an ssdeep score as it is, a TLSH distance of 30 as 70, the same
 * section as 70 and more for each further one, the same imports as 60, the same build tools as 50. An order, not a probability.
 */
export function strengthOf(evidence: SimilarityEvidence): number {
  switch (evidence.method) {
    case "ssdeep":
      return evidence.score;
    case "tlsh":
      return Math.max(0, 100 - evidence.distance);
    case "section":
      return Math.min(95, 65 + 5 * evidence.sections.length);
    case "imphash":
      return 60;
    case "richHash":
      return 50;
  }
}
