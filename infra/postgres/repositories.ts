import type {
  ClaimedTask,
  ImportId,
  KeyId,
  Lane,
  Milliseconds,
  Note,
  Rescan,
  SampleTag,
  Sha256,
  Submission,
  SubmissionId,
  SubmittedFile,
  Task,
  TaskId,
  TaskStatus,
  Timestamp,
  Tlp,
  VerdictLevel,
  Visibility,
} from "@assay/core";
import type { Page, PageRequest } from "../page.ts";

/** What makes a submission. */
export interface NewSubmission {
  readonly owner: KeyId;
  readonly ownerName: string;
  readonly tlp: Tlp;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly priority: Lane;
  readonly rescan: Rescan;
  /** Modules asked for; null for the enabled set. */
  readonly modules: readonly string[] | null;
  /** Archive password; forgotten once every task of the submission is final. */
  readonly password: string | null;
  readonly files: readonly SubmittedFile[];
  readonly maxAttempts: number;
}

/** Submissions: who handed in what, at which TLP. */
export interface Submissions {
  /**
   * Writes submission, samples, tasks and outbox rows in one transaction. A file whose latest visible report answers
   * it (`latest`, and the report has every module asked for) gets a task that is complete at once. A file
   * whose sample has an unfinished task waits for that one (never scanned twice at the same time) and is
   * answered by its report, or queued after it where that report may not be seen or does not answer.
   * `visibility` is the submitter's.
   */
  create(
    submission: NewSubmission,
    visibility: Visibility,
  ): Promise<{ submission: Submission; tasks: Task[] }>;
  find(id: SubmissionId, visibility: Visibility): Promise<Submission | null>;
  list(page: PageRequest, visibility: Visibility): Promise<Page<Submission>>;
}

/** Which tasks to list. */
export interface TaskFilter {
  readonly status?: TaskStatus | undefined;
  readonly submissionId?: SubmissionId | undefined;
  readonly sha256?: Sha256 | undefined;
  /** Only those in the dead-letter list. */
  readonly dead?: boolean | undefined;
}

/** A task and its attempt: what a queue message names, and what a worker must still hold to write an end. */
export interface Hold {
  readonly taskId: TaskId;
  readonly attempt: number;
}

/** What a module run leaves in PostgreSQL, for health and the gaps of the toolset. */
export interface ModuleRunRow {
  readonly module: string;
  readonly status: string;
  readonly reason: string | null;
  readonly version: string | null;
  readonly durationMs: Milliseconds;
  readonly cached: boolean;
}

/** The end of a task whose report is stored: what PostgreSQL keeps of the report. */
export interface Completion {
  readonly hold: Hold;
  readonly revision: number;
  readonly verdict: VerdictLevel;
  readonly score: number;
  readonly fileType: string;
  readonly runs: readonly ModuleRunRow[];
}

/** Tasks and their life. */
export interface Tasks {
  find(id: TaskId, visibility: Visibility): Promise<Task | null>;
  list(filter: TaskFilter, page: PageRequest, visibility: Visibility): Promise<Page<Task>>;
  /** Counts by status, for the reader. */
  count(visibility: Visibility): Promise<Record<TaskStatus, number> & { dead: number }>;
  /** Sums up what many changes have added to the counts. */
  foldCounts(): Promise<void>;

  /** One UPDATE … RETURNING: takes those still pending at that attempt. The rest is somebody else's or over. */
  claim(holds: readonly Hold[], worker: string, lease: Milliseconds): Promise<ClaimedTask[]>;
  /** Extends the lease; gives back those still held. Missing ones were cancelled or lost: stop working on them. */
  extend(holds: readonly Hold[], lease: Milliseconds): Promise<Hold[]>;
  /**
   * Ends tasks whose reports are stored, in one statement; gives back those whose attempt was still held (the others
   * are unchanged, except that one cancelled meanwhile ends as that). A task answered by an earlier report takes verdict, score and file type from that one's task.
   */
  complete(ends: readonly Completion[]): Promise<Hold[]>;
  /**
   * Counts a failed try: pending again while tries are left, else failed and dead-lettered. `final` ends it at once.
   * `lost`: the attempt is no longer held, or the task was cancelled meanwhile and has ended as that.
   */
  fail(hold: Hold, reason: string, final: boolean): Promise<"pending" | "failed" | "lost">;
  /** Gives tasks back without counting a try: graceful stop. */
  release(holds: readonly Hold[]): Promise<void>;
  /** Tasks whose lease ran out go the way of `fail`. Gives how many. */
  sweep(): Promise<number>;
  /** Re-queues pending tasks that have waited for longer than `age` without a message: a queue that lost its memory. */
  requeueStranded(lane: Lane, age: Milliseconds): Promise<number>;

  /**
   * Children of a claimed task, in its submission. Those that the same content already has there are skipped: a second
   * try makes none twice, and an archive that holds itself comes to an end. Nothing is added once the parent's attempt
   * is no longer held.
   */
  addChildren(parent: ClaimedTask, files: readonly SubmittedFile[]): Promise<Task[]>;

  /** Cancels what isn't final; a running one is told to its worker by the next `extend`. Null: not found. */
  cancel(id: TaskId, visibility: Visibility): Promise<Task | null>;
  /** Runs a failed or cancelled task again; its `reason` says where the archive password is forgotten by now. */
  retry(id: TaskId, visibility: Visibility): Promise<Task | null>;
  /**
   * Deletes a final task, and its report once the outbox is relayed. `in-use`: its report answers another task; `held`: its
   * sample is under legal hold.
   */
  remove(
    id: TaskId,
    visibility: Visibility,
  ): Promise<"removed" | "not-found" | "not-final" | "in-use" | "held">;
}

/** Messages written with their cause and published after the commit. */
export interface Outbox {
  /**
   * Hands up to `limit` rows in order to `publish` and deletes them once it resolves; gives how many. Safe beside other
   * relays (skip locked). Rows on the subject `project` name samples whose documents must be built again, those on
   * `remove` documents and bytes that must go.
   */
  relay(publish: (rows: readonly OutboxRow[]) => Promise<void>, limit: number): Promise<number>;
  /** Calls back whenever rows may be waiting (LISTEN). */
  onWaiting(wake: () => void, signal: AbortSignal): Promise<void>;
}

/** One message to publish. */
export interface OutboxRow {
  readonly subject: string;
  /** Goes to JetStream as `Nats-Msg-Id`: `<taskId>:<attempt>` for tasks. */
  readonly messageId: string;
  readonly payload: unknown;
}

/** What scopes a key can carry; `annotate` is for notes, tags, lists and saved searches, `taxii` for partners who read collections. */
export const keyScopes = ["submit", "read", "download", "annotate", "delete", "taxii", "admin"] as const;
/** A scope of a key; `admin` includes the rest. */
export type KeyScope = (typeof keyScopes)[number];

/** An API key without its secret. */
export interface ApiKey {
  readonly id: KeyId;
  readonly name: string;
  readonly scopes: readonly KeyScope[];
  readonly maxTlp: Tlp;
  readonly created: Timestamp;
  readonly expires: Timestamp | null;
  readonly revoked: Timestamp | null;
  readonly lastUsed: Timestamp | null;
}

/** API keys: `assay_<keyId>_<43 characters base64url>`; only the SHA-256 of the secret is stored. */
export interface Keys {
  /** Makes a key; the full text is given this once. */
  create(key: Pick<ApiKey, "name" | "scopes" | "maxTlp" | "expires">): Promise<{ key: ApiKey; text: string }>;
  /** Makes sure a key of this full text exists with all scopes (the first administrator's). A revoked one stays revoked. */
  ensure(text: string, name: string): Promise<ApiKey>;
  /** The key of that text where it is known; constant-time compare. The caller looks at `revoked` and `expires`. */
  authenticate(text: string): Promise<ApiKey | null>;
  list(page: PageRequest): Promise<Page<ApiKey>>;
  find(id: KeyId): Promise<ApiKey | null>;
  revoke(id: KeyId): Promise<ApiKey | null>;
}

/** What somebody did. */
export interface AuditEntry {
  readonly id: string;
  readonly at: Timestamp;
  readonly keyId: KeyId | null;
  readonly keyName: string | null;
  /** e.g. `submission.create`, `sample.download`, `key.revoke`. */
  readonly action: string;
  readonly target: string | null;
  readonly address: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The audit trail: appended, never changed. */
export interface Audit {
  append(entry: Omit<AuditEntry, "id" | "at">): Promise<void>;
  list(filter: { action?: string; keyId?: KeyId }, page: PageRequest): Promise<Page<AuditEntry>>;
}

/** A hash known good or bad. */
export interface KnownHash {
  readonly algorithm: "sha256" | "sha1" | "md5";
  readonly value: string;
  readonly verdict: "good" | "bad";
  /** Where it comes from, e.g. `nsrl`, `partner-x`. */
  readonly source: string;
  readonly note: string | null;
  /** Who may be told of it. */
  readonly tlp: Tlp;
  /** The import that brought it; null for one that was put by itself. */
  readonly importId: ImportId | null;
}

/** The table of known-good and known-bad hashes. */
export interface KnownHashes {
  put(hashes: readonly Omit<KnownHash, "importId">[]): Promise<number>;
  /** Forgets the hash, of whatever source and import. */
  remove(value: string): Promise<number>;
  /**
   * What is known of each file's digests, in their order, as far as who sees what is at the file's level may be told. One query a
   * batch.
   */
  match(
    digests: readonly { sha256: Sha256; sha1?: string; md5?: string; tlp: Tlp }[],
  ): Promise<KnownHash[][]>;
  list(page: PageRequest, visibility: Visibility): Promise<Page<KnownHash>>;
}

/** What the `samples` document takes from PostgreSQL. */
export interface SampleFacts {
  readonly sha256: Sha256;
  readonly size: number;
  readonly firstSeen: Timestamp;
  /** Grows with every change that the document must show; goes to Elasticsearch as external version. */
  readonly revision: number;
  /** One a task that completed; newest first, at most 200. */
  readonly submissions: readonly {
    readonly submissionId: SubmissionId;
    readonly taskId: TaskId;
    readonly reportId: TaskId;
    readonly reportRevision: number;
    readonly tlp: Tlp;
    readonly owner: KeyId;
    readonly submitter: string;
    readonly name: string | null;
    readonly tags: readonly string[];
    readonly metadata: Readonly<Record<string, string>>;
    readonly parentSha256: Sha256 | null;
    readonly seen: Timestamp;
  }[];
  /** Analysts' notes, newest first, at most 200. */
  readonly notes: readonly Pick<Note, "tlp" | "owner" | "author" | "text">[];
  /** Analysts' tags, newest first, at most 500. */
  readonly tags: readonly Pick<SampleTag, "tlp" | "owner" | "tag">[];
}

/** Samples in PostgreSQL. */
export interface Samples {
  /** True where one of the sample's submissions is visible: the right to see it at all. */
  isVisible(sha256: Sha256, visibility: Visibility): Promise<boolean>;
  /** What the reader sees of it: visible submissions only. Null where he sees none. */
  find(sha256: Sha256, visibility: Visibility): Promise<SampleFacts | null>;
  /** For the projector: takes the revision first, then reads, so that a later writer always wins. */
  facts(sha256s: readonly Sha256[]): Promise<SampleFacts[]>;
  /** Forgets those of these samples that no task is about any more, with all that was added. Gives which. */
  removeUnused(sha256s: readonly Sha256[]): Promise<Sha256[]>;
}
