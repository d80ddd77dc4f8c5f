import { z } from "zod";
import { ListId, Sha256 } from "../id/id.ts";
import { queryModes } from "../query/mode.ts";
import { ModuleName, Tag } from "../submission/submission.ts";
import { Tlp } from "../tlp/tlp.ts";

/** Samples named by digest in one action. */
export const MAX_ACTION_SAMPLES = 1000;

/** What an action is done to: all that a search finds, or these samples. */
const target = {
  q: z.string().max(8192).optional(),
  sha256s: z.array(Sha256).min(1).max(MAX_ACTION_SAMPLES).optional(),
  mode: z.enum(queryModes).default("default"),
  scope: z.enum(["samples", "reports"]).default("samples"),
};
const tags = z.array(Tag).min(1).max(50);

/** What can be done to a whole result at once, each run as a job of the kind `search.<action>`. */
export const SearchAction = z.discriminatedUnion("action", [
  z.object({ ...target, action: z.literal("tag"), tags, tlp: Tlp.optional() }),
  z.object({ ...target, action: z.literal("untag"), tags }),
  z.object({
    ...target,
    action: z.literal("rescan"),
    modules: z.array(ModuleName).min(1).max(100).optional(),
    rescan: z.enum(["changed", "all"]).default("all"),
  }),
  z.object({ ...target, action: z.literal("add-to-list"), listId: ListId }),
  z.object({ ...target, action: z.literal("delete") }),
  z.object({
    ...target,
    action: z.literal("export"),
    format: z.enum(["ndjson", "csv", "hashes"]).default("ndjson"),
  }),
]);
/** What can be done to a whole result at once. */
export type SearchAction = z.infer<typeof SearchAction>;
/** What an action is done to. */
export type ActionTarget = Pick<SearchAction, "q" | "mode" | "sha256s" | "scope">;

/** The scope that a key needs for each action, when it asks and as long as the job runs. */
export const actionScopes = {
  tag: "annotate",
  untag: "annotate",
  rescan: "submit",
  "add-to-list": "annotate",
  delete: "delete",
  export: "read",
} as const satisfies Record<SearchAction["action"], string>;
