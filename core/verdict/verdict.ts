import { z } from "zod";

/** Levels of a verdict. `benign` needs a positive reason (a known-good hash); silence is `unknown`. */
export const VerdictLevel = z.enum(["malicious", "suspicious", "benign", "unknown"]);
/** A level of a verdict. */
export type VerdictLevel = z.infer<typeof VerdictLevel>;

/** One reason of a verdict. */
export const VerdictReason = z.object({
  /** The heuristic's stable id, e.g. `packed-section`. */
  heuristic: z.string().max(100),
  title: z.string().max(300),
  /** What it adds to the score, -100 to 100. */
  score: z.number(),
  /** What was seen, up to ten values. */
  evidence: z.array(z.string().max(300)).max(10),
  modules: z.array(z.string()).max(20),
  attack: z.array(z.string()).max(10),
});
/** One reason of a verdict. */
export type VerdictReason = z.infer<typeof VerdictReason>;

/** A verdict with the reasons that made it. */
export const Verdict = z.object({
  level: VerdictLevel,
  /** 0 to 100. */
  score: z.number().min(0).max(100),
  /** One sentence that says why, also where nothing spoke. */
  summary: z.string().max(1000),
  reasons: z.array(VerdictReason).max(100),
});
/** A verdict with the reasons that made it. */
export type Verdict = z.infer<typeof Verdict>;
