import { monotonicFactory } from "ulid";
import { z } from "zod";

/** A SHA-256 digest: 64 lower-case hexadecimal digits. The name of a sample everywhere. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, "Expected 64 lower-case hexadecimal digits")
  .brand<"Sha256">();
/** A SHA-256 digest: 64 lower-case hexadecimal digits. */
export type Sha256 = z.infer<typeof Sha256>;

const ulidPattern = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const id = () => z.string().regex(ulidPattern, "Expected a ULID (26 characters, Crockford base 32)");

/** Names one submission: what somebody handed in at one time. */
export const SubmissionId = id().brand<"SubmissionId">();
/** Names one submission: what somebody handed in at one time. */
export type SubmissionId = z.infer<typeof SubmissionId>;

/** Names one task: one scan of one sample. A report carries the id of the task that made it. */
export const TaskId = id().brand<"TaskId">();
/** Names one task: one scan of one sample. A report carries the id of the task that made it. */
export type TaskId = z.infer<typeof TaskId>;

/** Names an API key (not the secret). */
export const KeyId = id().brand<"KeyId">();
/** Names an API key (not the secret). */
export type KeyId = z.infer<typeof KeyId>;

/** Names a long-running job. */
export const JobId = id().brand<"JobId">();
/** Names a long-running job. */
export type JobId = z.infer<typeof JobId>;

/** Names an analyst's note. */
export const NoteId = id().brand<"NoteId">();
/** Names an analyst's note. */
export type NoteId = z.infer<typeof NoteId>;

/** Names a list of samples. */
export const ListId = id().brand<"ListId">();
/** Names a list of samples. */
export type ListId = z.infer<typeof ListId>;

/** Names a saved search. */
export const SavedSearchId = id().brand<"SavedSearchId">();
/** Names a saved search. */
export type SavedSearchId = z.infer<typeof SavedSearchId>;

/** Names a notification. */
export const NotificationId = id().brand<"NotificationId">();
/** Names a notification. */
export type NotificationId = z.infer<typeof NotificationId>;

/** Names an import of what a partner sent. */
export const ImportId = id().brand<"ImportId">();
/** Names an import of what a partner sent. */
export type ImportId = z.infer<typeof ImportId>;

const nextUlid = monotonicFactory();

/** Makes a new id; ids that one process makes later sort later, also within one millisecond. */
export function newId<
  T extends
    | SubmissionId
    | TaskId
    | KeyId
    | JobId
    | NoteId
    | ListId
    | SavedSearchId
    | NotificationId
    | ImportId,
>(): T {
  return nextUlid() as T;
}

/** A duration in milliseconds. */
export type Milliseconds = number;

/** An instant as RFC 3339 in UTC with milliseconds, e.g. `2026-11-24T10:00:00.000Z`. */
export const Timestamp = z.iso.datetime({ offset: false });
/** An instant as RFC 3339 in UTC. */
export type Timestamp = z.infer<typeof Timestamp>;
