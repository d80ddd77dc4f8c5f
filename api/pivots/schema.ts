import {
  Sha256,
  SimilarityEvidence,
  SimilarityMethod,
  SubmissionId,
  TaskId,
  Timestamp,
  Tlp,
  VerdictLevel,
} from "@assay/core";
import { z } from "@hono/zod-openapi";
import { named } from "../app/json.ts";
import { SampleCard } from "../search/schema.ts";

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
  items: z.array(SampleCard.extend({
    /** Of the strongest evidence, 0 to 100: the order of the list. */
    strength: z.number(),
    evidence: z.array(named(SimilarityEvidence, "SimilarityEvidence")),
  })),
  cursor: z.string().nullable(),
}).openapi("SimilarAnswer");

const counted = {
  /** Other visible samples that have it; null where no query may ask for the value. */
  samples: z.int().nullable(),
  /** Finds all that have it. */
  query: z.string().nullable(),
};

/** A page of what a sample's newest visible report found, and where else it is. */
export const ObservablesAnswer = z.object({
  /** Values listed on all pages. */
  total: z.int(),
  /** The report they are of; null where there is none yet. */
  reportId: TaskId.nullable(),
  items: z.array(z.object({
    field: z.string(),
    value: z.union([z.string(), z.number(), z.boolean()]),
    ...counted,
  })),
  cursor: z.string().nullable(),
  /** What limits left out, in words. */
  limits: z.array(z.string()),
}).openapi("ObservablesAnswer");

const node = { id: z.string(), label: z.string() };

/** A graph of what a sample is related to. */
export const RelationsAnswer = z.object({
  nodes: z.array(z.discriminatedUnion("kind", [
    z.object({
      ...node,
      kind: z.literal("sample"),
      sha256: Sha256,
      /** This and what follows is null of a sample that has no report yet. */
      fileType: z.string().nullable(),
      verdict: VerdictLevel.nullable(),
      score: z.number().nullable(),
      reportId: TaskId.nullable(),
    }),
    z.object({
      ...node,
      kind: z.literal("submission"),
      submissionId: SubmissionId,
      submitter: z.string(),
      tlp: Tlp,
      created: Timestamp,
      /** Other samples in it. */
      samples: z.int(),
      query: z.string(),
    }),
    z.object({
      ...node,
      kind: z.enum([
        ...["url", "domain", "ip", "email", "mutex", "registry", "wallet"] as const,
        ...["imphash", "richHash", "pdb", "section"] as const,
      ]),
      field: z.string(),
      value: z.string(),
      /** True where so many have it that it says little. */
      common: z.boolean(),
      ...counted,
    }),
  ])),
  edges: z.array(z.object({
    from: z.string(),
    to: z.string(),
    kind: z.enum(["contains", "came-with", "submitted-in", "has"]),
    /** The submission that says so; null for findings. */
    submissionId: SubmissionId.nullable(),
  })),
  /** Of each kind asked for: nodes shown, all there are if that is known, and where they go on. */
  kinds: z.array(z.object({
    kind: z.string(),
    shown: z.int(),
    total: z.int().nullable(),
    cursor: z.string().nullable(),
  })),
  /** What limits left out, in words. */
  limits: z.array(z.string()),
}).openapi("RelationsAnswer");
