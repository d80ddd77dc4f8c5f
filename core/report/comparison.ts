import { z } from "zod";
import { Sha256, TaskId, Timestamp } from "../id/id.ts";
import { VerdictLevel, VerdictReason } from "../verdict/verdict.ts";

const value = z.union([z.string(), z.number(), z.boolean()]);

/** What two lists have apart and in common; of each list a bounded number is named, all are counted. */
const differenceOf = <T extends z.ZodType>(item: T) =>
  z.object({
    onlyA: z.array(item),
    onlyB: z.array(item),
    counts: z.object({ onlyA: z.number().int(), onlyB: z.number().int(), both: z.number().int() }),
  });

const Head = z.object({
  id: TaskId,
  revision: z.number().int(),
  sha256: Sha256,
  name: z.string().nullable(),
  fileType: z.string(),
  size: z.number().int(),
  finished: Timestamp,
});

const RunEnd = z.object({
  status: z.string(),
  reason: z.string().nullable(),
  version: z.string().nullable(),
  definition: z.string().nullable(),
  observations: z.number().int(),
});

const SectionSide = z.object({
  name: z.string(),
  sha256: Sha256.nullable(),
  size: z.number().nullable(),
  entropy: z.number().nullable(),
});

/** How two reports differ, of one sample or of two. */
export const ReportComparison = z.object({
  a: Head,
  b: Head,
  sameSample: z.boolean(),
  /** True where findings, verdicts and module runs are the same. */
  same: z.boolean(),
  /** ssdeep's score and TLSH's distance of the two samples; null where one has no such digest. */
  similarity: z.object({
    ssdeep: z.number().int().nullable(),
    tlsh: z.number().int().nullable(),
  }),
  /** Digests, type and size, each with both values. */
  facts: z.array(z.object({
    name: z.string(),
    a: value.nullable(),
    b: value.nullable(),
    same: z.boolean(),
  })),
  verdict: z.object({
    a: z.object({ level: VerdictLevel, score: z.number() }),
    b: z.object({ level: VerdictLevel, score: z.number() }),
    same: z.boolean(),
    reasons: z.object({
      onlyA: z.array(VerdictReason),
      onlyB: z.array(VerdictReason),
      /** In both; `changed` where score or evidence differ. */
      both: z.array(z.object({ heuristic: z.string(), title: z.string(), changed: z.boolean() })),
    }),
  }),
  tags: differenceOf(z.string()),
  children: differenceOf(z.object({ sha256: Sha256, name: z.string() })),
  /** Fields of the catalogue that either has a value of, in the catalogue's order. */
  fields: z.array(differenceOf(value).extend({ field: z.string() })),
  /** Strings kept in the reports. */
  strings: differenceOf(z.string()),
  modules: z.array(z.object({
    module: z.string(),
    change: z.enum(["same", "onlyA", "onlyB", "status", "version", "findings"]),
    a: RunEnd.nullable(),
    b: RunEnd.nullable(),
  })),
  /** Sections of executables, matched by name and then by content. */
  sections: z.array(z.object({
    change: z.enum(["same", "changed", "renamed", "onlyA", "onlyB"]),
    a: SectionSide.nullable(),
    b: SectionSide.nullable(),
  })),
  /** What limits left out, in words. */
  limits: z.array(z.string()),
});
/** How two reports differ. */
export type ReportComparison = z.infer<typeof ReportComparison>;
