import { z } from "zod";
import { KeyId, NotificationId, SavedSearchId, Sha256, TaskId, Timestamp } from "../id/id.ts";
import { ModuleName, Tag } from "../submission/submission.ts";
import { Tlp } from "../tlp/tlp.ts";

/** What a hunt does with each hit. */
export const HuntActions = z.object({
  tags: z.array(Tag).max(20),
  /** Of the tags. */
  tlp: Tlp,
  /** Modules that the sample is analysed again with; null: it is not. Reports made so are never analysed again. */
  rescan: z.array(ModuleName).min(1).max(100).nullable(),
  notify: z.boolean(),
});
/** What a hunt does with each hit. */
export type HuntActions = z.infer<typeof HuntActions>;

/** A saved search that looks at each new report, with what its owner's key may see. */
export const Hunt = HuntActions.extend({
  searchId: SavedSearchId,
  owner: KeyId,
  hits: z.int(),
  lastHit: Timestamp.nullable(),
  /** What went wrong last; null since it went well. */
  lastError: z.string().nullable(),
  /** Why it looks at nothing any more; null while it does. */
  stopped: z.string().nullable(),
  created: Timestamp,
});
/** A saved search that looks at each new report. */
export type Hunt = z.infer<typeof Hunt>;

/** A report that a hunt came upon, told to the hunt's owner. */
export const Notification = z.object({
  id: NotificationId,
  searchId: SavedSearchId,
  /** Name of the saved search. */
  search: z.string(),
  sha256: Sha256,
  reportId: TaskId,
  created: Timestamp,
  read: Timestamp.nullable(),
});
/** A report that a hunt came upon, told to the hunt's owner. */
export type Notification = z.infer<typeof Notification>;
