import type { ModuleDescription, PresetDefinition, Tlp } from "@assay/core";
import type {
  Audit,
  Collections,
  ExportFiles,
  Hunts,
  ImportReader,
  Imports,
  Jobs,
  Keys,
  KnownHashes,
  LegalHolds,
  Notes,
  Notifications,
  PartnerConfig,
  Partners,
  Pivots,
  Publications,
  Queue,
  Relatives,
  ReportExports,
  Reports,
  SampleLists,
  Samples,
  SampleStore,
  SampleTags,
  SavedSearches,
  Search,
  SearchNumbers,
  Submissions,
  Tasks,
} from "@assay/infra";
import type { Logger } from "@logtape/logtape";
import type { Assets } from "../assets/assets.ts";
import type { Rate } from "../limits/bucket.ts";
import type { OpenLimits } from "../limits/open.ts";

/** What the API is made of, handed in. */
export interface ApiDependencies {
  /** Who handed in what. */
  readonly submissions: Submissions;
  /** Scans of samples, and their life. */
  readonly tasks: Pick<Tasks, "find" | "list" | "count" | "cancel" | "retry" | "remove">;
  /** Who may ask. */
  readonly keys: Keys;
  /** Who did what. */
  readonly audit: Audit;
  /** What PostgreSQL knows of samples. */
  readonly sampleFacts: Pick<Samples, "isVisible" | "find">;
  /** The bytes of samples. */
  readonly samples: Pick<SampleStore, "put" | "open" | "size" | "has" | "check">;
  /** What scans found. */
  readonly reports: Pick<Reports, "find" | "latest" | "remove">;
  /** Makes forms of reports that leave. */
  readonly reportExports: Pick<ReportExports, "export">;
  /** Finds samples and reports. */
  readonly search: Pick<Search, "search" | "check" | "export" | "ping">;
  /** Numbers about what searches find. */
  readonly numbers: SearchNumbers;
  /** What samples came with. */
  readonly relatives: Relatives;
  /** Ways from a sample to others. */
  readonly pivots: Pivots;
  /** Task events as they happen. */
  readonly queue: Pick<Queue, "listen" | "ping" | "tell">;
  /** Long work. */
  readonly jobs: Pick<Jobs, "create" | "cancel" | "find" | "list" | "count" | "remove">;
  /** Files that jobs made. */
  readonly exports: Pick<ExportFiles, "open" | "size" | "remove">;
  /** What analysts wrote about samples. */
  readonly notes: Notes;
  /** Tags that analysts gave samples. */
  readonly sampleTags: SampleTags;
  /** Named lists of samples. */
  readonly lists: SampleLists;
  /** Saved searches that look at each new report. */
  readonly hunts: Pick<Hunts, "find" | "list" | "put" | "remove">;
  /** What keys are told of their hunts' hits. */
  readonly notifications: Pick<Notifications, "list" | "markRead">;
  /** Searches under a name. */
  readonly searches: SavedSearches;
  /** Saved searches that are TAXII collections. */
  readonly publications: Publications;
  /** What partners read by TAXII. */
  readonly collections: Collections;
  /** Samples of which nothing may be deleted. */
  readonly legalHolds: LegalHolds;
  /** Hashes known good or bad. */
  readonly knownHashes: Pick<KnownHashes, "put" | "remove" | "list" | "match">;
  /** What partners sent. */
  readonly imports: Omit<Imports, "spokenOf">;
  /** How pushing to partners stands. */
  readonly partners: Pick<Partners, "list" | "events" | "askTest" | "askRetry">;
  /** Reads what partners send. */
  readonly importReader: ImportReader;
  /** The installed modules, as the worker last described them. */
  readonly modules: () => Promise<readonly ModuleDescription[]>;
  /** What readiness asks beside the stores, by name; each resolves, or throws with what is wrong. */
  readonly checks: Readonly<Record<string, () => Promise<void>>>;
  /** Files of the page (`/`). */
  readonly page: Assets;
  /** Files of the documentation (`/api/docs`). */
  readonly docs: Assets;
  /** Limits and defaults. */
  readonly settings: ApiSettings;
  /** The present time. */
  readonly now: () => Date;
  /** Where requests and failures are told. */
  readonly log: Logger;
  /** Aborts when the process is to stop: open event streams end. */
  readonly stopping: AbortSignal;
  /** Aborts when it has waited long enough: uploads still going on are given up, and leave nothing. */
  readonly stopped: AbortSignal;
}

/** Limits and defaults of the API. Sizes in bytes, durations in milliseconds. */
export interface ApiSettings {
  /** Address by which people and partners reach it. */
  readonly publicUrl: string;
  /** Who runs it, as partners are told. */
  readonly organisation: { readonly name: string; readonly contact: string | null };
  /** Of one file. */
  readonly maxSampleBytes: number;
  /** Files of one submission. */
  readonly maxFiles: number;
  /** TLP of a submission that names none. */
  readonly defaultTlp: Tlp;
  /** Named sets of modules that the configuration adds to the built-in ones. */
  readonly presets: Readonly<Record<string, PresetDefinition>>;
  /** Partners that get what is published. */
  readonly partners: readonly PartnerConfig[];
  /** Tries of a task before it is dead. */
  readonly maxAttempts: number;
  /** Requests of one key; null for no limit. */
  readonly rate: Rate | null;
  /** Origins of other pages that may use the API. */
  readonly origins: readonly string[];
  /** An upload without a byte for this long is ended. */
  readonly uploadIdle: number;
  /** Time that an answer may take, apart from uploads, downloads and event streams. */
  readonly answerWithin: number;
  /** Event streams open at a time, of one key and of all. */
  readonly maxListeners: OpenLimits;
  /** Files of many reports: reports of one, files of a key that are made or kept, and for how long they are. */
  readonly reportFiles: { readonly maxReports: number; readonly maxKept: number; readonly keep: number };
  /** Exports of searches under way at a time. */
  readonly maxExports: OpenLimits;
  /** Exports of reports being made at a time. */
  readonly maxReportExports: OpenLimits;
  /** Imports under way at a time. */
  readonly maxImports: OpenLimits;
  /** Between two signs of life on an event stream. */
  readonly heartbeat: number;
}
