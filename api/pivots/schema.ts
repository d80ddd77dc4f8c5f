import { Sha256, SimilarityEvidence, SimilarityMethod, TaskId, Timestamp, VerdictLevel } from "@assay/core";
import { z } from "@hono/zod-openapi";
import { named } from "../app/json.ts";

/** Wherever samples stand in a list of others. */
const Related = z.object({
  sha256: Sha256,
  name: z.string().nullable(),
  size: z.int(),
  fileType: z.string(),
  mime: z.string(),
  verdict: VerdictLevel,
  score: z.number(),
  tags: z.array(z.string()),
  seen: Timestamp,
  reportId: TaskId,
});

/** A page of samples that are like one, and how far each method went. */
export const SimilarAnswer = z.object({
  /** Samples found, by any method. */
  total: z.int(),
  methods: z.array(z.object({
    method: SimilarityMethod,
    /** False where the sample has nothing to compare by it. */
    available: z.boolean(),
    /** Samples that are alike by it. */
    found: z.int(),
    /** Samples that the index brought up; each was compared exactly. */
    compared: z.int(),
    /** False where the index held more than are compared: some may be missing. */
    complete: z.boolean(),
    /** Values that too many samples share to list them; `query` finds them. */
    common: z.array(z.object({
      field: z.string(),
      value: z.string(),
      /** Of the section. */
      name: z.string().nullable(),
      samples: z.int(),
      query: z.string(),
    })),
  })),
  items: z.array(Related.extend({
    /** Of the strongest evidence, 0 to 100: the order of the list. */
    strength: z.number(),
    evidence: z.array(named(SimilarityEvidence, "SimilarityEvidence")),
  })),
  cursor: z.string().nullable(),
}).openapi("SimilarAnswer");
