import { Tlp, VerdictLevel } from "@assay/core";
import { z } from "zod";
import { duration } from "./value.ts";

const HOUR_MS = 3_600_000;

/** One rule of what goes once it is old. It matches submissions, each with the scan that it brought about. */
export const RetentionRule = z.strictObject({
  /** Shown in what would go, and in the audit trail. */
  name: z.string().min(1).max(100),
  /**
   * `samples`: everything of a sample whose submissions are all matched. `bytes`: its bytes; reports stay. `reports`: scans
   * that are not their sample's newest.
   */
  what: z.enum(["samples", "bytes", "reports"]),
  /** Since the scan ended. */
  olderThan: duration().pipe(z.number().min(HOUR_MS, "Expected 1h or more")),
  /** Any of these, of the submission or of analysts; all where empty. */
  tags: z.array(z.string().min(1).max(100)).max(100).default([]),
  tlp: z.array(Tlp).max(5).default([]),
  verdict: z.array(VerdictLevel).max(4).default([]),
});
/** One rule of what goes once it is old. */
export type RetentionRule = z.output<typeof RetentionRule>;
