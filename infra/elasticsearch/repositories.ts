import type { QueryMode, Report, Sha256, TaskId, Timestamp, VerdictLevel, Visibility } from "@assay/core";
import type { ColumnValue } from "./columns.ts";
import type { SampleFacts } from "../postgres/repositories.ts";

/** Reports in Elasticsearch, one document a scan; its id is the task's, so writing twice changes nothing. */
export interface Reports {
  /**
   * Stores a batch and makes it visible to searches before it resolves; a sample's only report at once as the sample's
   * document. A report that Elasticsearch refuses is stored again without raw and text, with the reason under `limits`;
   * one that still can't be stored is in `failed`.
   * @throws where Elasticsearch is away (the caller tries again)
   */
  store(
    reports: readonly Report[],
    readFacts: ReadFacts,
  ): Promise<{ failed: ReadonlyMap<TaskId, string> }>;
  /** All content; null where it is absent or the reader may not see it. */
  find(id: TaskId, visibility: Visibility): Promise<Report | null>;
  /** Those of these reports that are there and that the reader may see. */
  findAll(ids: readonly TaskId[], visibility: Visibility): Promise<Map<TaskId, Report>>;
  /** The newest reports of each sample, for the projector and for `rescan: changed`. */
  latest(sha256s: readonly Sha256[], visibility: Visibility): Promise<Map<Sha256, Report>>;
  remove(id: TaskId): Promise<boolean>;
  /** Gives how many were there. */
  removeMany(ids: readonly TaskId[]): Promise<number>;
}

/** Facts of samples as they are now. */
export type ReadFacts = (sha256s: readonly Sha256[]) => Promise<readonly SampleFacts[]>;

/** Keeps one report of each sample, the newest, as the sample's document. */
export interface Projector {
  /**
   * Builds each document whole from its facts and its newest report, with the facts' revision in its version; what was
   * the newest before becomes a plain report.
   */
  project(samples: readonly { facts: SampleFacts; report: Report }[]): Promise<void>;
  /** Takes out what is left of a sample that no task tells of any more, but for reports of these tasks. */
  remove(sha256: Sha256, except: ReadonlySet<TaskId>): Promise<boolean>;
  /** Takes out samples that PostgreSQL has forgotten; gives how many documents that were. */
  removeMany(sha256s: readonly Sha256[]): Promise<number>;
}

/** What to search for, and in what. */
export interface Searched {
  /** A query of `core/query`; empty for all. */
  readonly q: string;
  /** How `q` is read; as the query language by default. */
  readonly mode?: QueryMode | undefined;
  /** Latest state of each sample, or every report. */
  readonly scope: "samples" | "reports";
  /** A field of `sortFields`, `-` before it for the highest first; newest first by default. */
  readonly sort?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A page to search. */
export interface SearchRequest extends Searched {
  readonly size: number;
  readonly cursor?: string | undefined;
  /** All of each hit, their number alone, or their ids alone; `hits` by default. */
  readonly show?: "hits" | "count" | "ids" | undefined;
  /** Milliseconds that it may take in Elasticsearch, up to the usual. */
  readonly timeout?: number | undefined;
}

/** All hits of a search, as rows of a table. */
export interface ExportRequest extends Searched {
  /** Fields, and `reportId`. */
  readonly columns: readonly string[];
  /** Rows at most. */
  readonly limit?: number | undefined;
}

/** All hits of a search, as they were at one point in time. */
export interface SearchExport {
  /** Hits, whatever the limit. */
  readonly total: number;
  /** Portions of rows, each with a value a column. Ending it early lets go of what it holds. */
  readonly rows: AsyncGenerator<readonly (readonly ColumnValue[])[]>;
}

/** Where a hit matched. */
export interface SearchMatch {
  /** As the query names it. */
  readonly field: string;
  /** The modules that found the field's values; none where the submission gave them. */
  readonly modules: readonly string[];
  /** Matches are between U+E000 and U+E001, never HTML. */
  readonly fragments: readonly string[];
}

/** One hit, holding only what the reader may see. */
export interface SearchHit {
  readonly sha256: Sha256;
  readonly name: string | null;
  readonly size: number;
  readonly fileType: string;
  readonly mime: string;
  readonly verdict: VerdictLevel;
  readonly score: number;
  readonly tags: readonly string[];
  readonly seen: Timestamp;
  readonly reportId: TaskId;
  /** Fragments by field; the same as in `matches`. */
  readonly highlights: Readonly<Record<string, readonly string[]>>;
  /** Where it matched, and which module found that. */
  readonly matches: readonly SearchMatch[];
}

/** The answer of a search. */
export interface SearchResult {
  /** `exact` is false where counting stopped. */
  readonly total: { readonly value: number; readonly exact: boolean };
  /** The hits; none where only their number or ids were asked for. */
  readonly items: readonly SearchHit[];
  /** With `show: "ids"`: SHA-256 of samples, or ids of reports. */
  readonly ids: readonly string[];
  readonly cursor: string | null;
}

/** Where a walk goes on; made of JSON, so that a job can keep it. */
export interface WalkPlace {
  readonly after: readonly (string | number | boolean | null)[];
  /** What `now` means to the query, in milliseconds since the epoch. */
  readonly now: number;
}

/** A step of a walk. */
export interface WalkRequest extends Omit<Searched, "sort"> {
  readonly size: number;
  /** Where the last step ended; null for the first. */
  readonly place: WalkPlace | null;
}

/** What a step came upon, and where the next begins; null at the end. */
export interface WalkStep {
  readonly items: readonly SearchHit[];
  readonly place: WalkPlace | null;
}

/** A search among a few documents. */
export interface MatchRequest extends Pick<Searched, "q" | "mode" | "scope"> {
  readonly visibility: Visibility;
  /** SHA-256 of samples, or ids of reports; at most 1,000. */
  readonly ids: readonly string[];
}

/** Search over samples or reports. @throws {QueryError} of core for a query that does not parse, with its place */
export interface Search {
  /**
   * A page of hits. Pages of one search show what there was when the first was asked for.
   * @throws {CursorExpiredError} where that is gone
   */
  search(request: SearchRequest, visibility: Visibility): Promise<SearchResult>;
  /**
   * The next hits of a walk over everything that a search finds, by digest. It can go on from a place at any time, also
   * after Elasticsearch was started anew: what comes in before the place meanwhile is passed over.
   */
  walk(request: WalkRequest, visibility: Visibility): Promise<WalkStep>;
  /**
   * Which of these documents each search finds, in one request: by the ids of samples or of reports, as its scope says. One
   * that fails gives its error, and leaves the others alone.
   */
  match(requests: readonly MatchRequest[]): Promise<(readonly SearchHit[] | Error)[]>;
  /** Reads a search without running it. @throws {QueryError} {@link SortError} where it could not run */
  check(request: Pick<Searched, "q" | "mode" | "scope" | "sort">): void;
  /**
   * All hits, however many, in the order in which they are kept unless another is asked for. Whoever asks must take
   * the rows to their end, or end them.
   * @throws {ColumnError} {@link SortError}
   */
  export(request: ExportRequest, visibility: Visibility): Promise<SearchExport>;
  /** Resolves where the cluster answers and every index is at least yellow. */
  ping(): Promise<void>;
  /**
   * Makes versioned indices and aliases from the catalogue where they are missing; gives a line for each that works but
   * should be reindexed.
   */
  prepare(): Promise<readonly string[]>;
}
