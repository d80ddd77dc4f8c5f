import { z } from "zod";
import { Timestamp } from "../id/id.ts";
import { Observation } from "../observation/observation.ts";
import { ModuleName } from "../submission/submission.ts";

/** What a module is for. */
export const ModuleCategory = z.enum([
  "antivirus",
  "sandbox",
  "metadata",
  "signature",
  "extraction",
  "lookup",
  "machine-learning",
]);
/** What a module is for. */
export type ModuleCategory = z.infer<typeof ModuleCategory>;

/** How a module runs. */
export const ModuleKind = z.enum(["inline", "command", "http", "remote"]);
/** How a module runs. */
export type ModuleKind = z.infer<typeof ModuleKind>;

const run = z.object({
  module: ModuleName,
  category: ModuleCategory,
  /** Version of the tool; null where it never ran. */
  version: z.string().max(100).nullable(),
  /** Version of its signatures or rules, where it has any. */
  definition: z.string().max(200).nullable(),
  started: Timestamp.nullable(),
  /** Milliseconds the module worked on this sample; a batch tool's time is shared evenly. */
  durationMs: z.number().nonnegative(),
  /** True where an earlier run's result was taken. */
  cached: z.boolean(),
});
const found = { observations: z.array(Observation).max(20_000), raw: z.json().nullable() };
const why = { reason: z.string().min(1).max(2000) };

/** One module's run on one sample: exactly one of six ends, none vanishes. */
export const ModuleRun = z.discriminatedUnion("status", [
  run.extend({ status: z.literal("ok"), ...found }),
  run.extend({ status: z.literal("nothing") }),
  run.extend({ status: z.literal("skipped"), ...why }),
  run.extend({ status: z.literal("error"), ...why }),
  run.extend({ status: z.literal("timeout"), ...why }),
  run.extend({ status: z.literal("cancelled"), ...why }),
]);
/** One module's run on one sample. */
export type ModuleRun = z.infer<typeof ModuleRun>;
/** The six ends of a module run. */
export type ModuleRunStatus = ModuleRun["status"];

/** What is known of an installed module: the answer of `GET /modules` and `assay doctor`. */
export const ModuleDescription = z.object({
  name: ModuleName,
  title: z.string(),
  description: z.string(),
  category: ModuleCategory,
  kind: ModuleKind,
  enabled: z.boolean(),
  available: z.boolean(),
  /** Why it is unavailable, with what to do; null where it is available. */
  reason: z.string().nullable(),
  version: z.string().nullable(),
  definition: z.string().nullable(),
  /** File types it accepts; null for all. */
  accepts: z.array(z.string()).nullable(),
  requires: z.array(ModuleName),
});
/** What is known of an installed module. */
export type ModuleDescription = z.infer<typeof ModuleDescription>;
