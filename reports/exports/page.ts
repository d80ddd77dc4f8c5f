import { encodeFrame, isWithin, type TaskId, type Tlp, type Visibility } from "@assay/core";
import { ExportError, type SearchHit, type WalkedPage } from "@assay/infra";
import { getLogger } from "@logtape/logtape";
import type { MemberFacts } from "./member.ts";

const log = getLogger(["assay", "reports", "exports"]);

/** A report in its form. */
export interface MadeReport {
  readonly bytes: Uint8Array;
  /** The most restricted level of what is inside. */
  readonly tlp: Tlp;
}

/** Makes the form of a report for a reader. @throws {ExportError} where there is none to give */
export type MakeReport = (report: TaskId, visibility: Visibility, signal: AbortSignal) => Promise<MadeReport>;

/** How a page is made. */
export interface PageOptions {
  readonly make: MakeReport;
  /** Reports made at the same time, which are held in memory. */
  readonly atOnce: number;
  readonly signal: AbortSignal;
}

/** How a page went. */
export interface PageCounts {
  reports: number;
  failed: number;
}

/**
 * Frames of a page's reports in the order of its hits, with what is known of each, counted in `counts`. A report that can't be given is
 * there with why; what would fail every other one as well is thrown.
 */
export async function* makePage(
  { hits, asker: { visibility } }: Pick<WalkedPage, "hits" | "asker">,
  { make, atOnce, signal }: PageOptions,
  counts: PageCounts,
): AsyncGenerator<Uint8Array> {
  const left = new AbortController();
  const stop = AbortSignal.any([signal, left.signal]);
  const waiting = hits.values();
  const making: Promise<Made>[] = [];
  const begin = () => {
    const { done, value: hit } = waiting.next();
    if (done) return;
    const one = makeOne(hit, make, visibility, stop);
    // Whoever waits for the ones before it may have left by the time it fails.
    one.catch(() => {});
    making.push(one);
  };
  try {
    for (let i = 0; i < atOnce; i++) begin();
    for (let next = making.shift(); next !== undefined; next = making.shift()) {
      const { facts, bytes } = await next;
      begin();
      if (facts.failure === null) counts.reports++;
      else counts.failed++;
      yield* encodeFrame(facts, bytes === null ? [] : [bytes]);
    }
  } finally {
    left.abort();
    await Promise.allSettled(making);
  }
}

/** Frames of a page's reports that are not made yet. */
export async function* notePage(
  { hits }: Pick<WalkedPage, "hits">,
  counts: PageCounts,
): AsyncGenerator<Uint8Array> {
  for (const { reportId, sha256, name, verdict, score } of hits) {
    const facts: MemberFacts = {
      reportId,
      sha256,
      name,
      verdict,
      score,
      tlp: null,
      cleared: false,
      failure: null,
    };
    counts.reports++;
    yield* encodeFrame(facts, []);
  }
}

interface Made {
  readonly facts: MemberFacts;
  readonly bytes: Uint8Array | null;
}

async function makeOne(
  { reportId, sha256, name, verdict, score }: SearchHit,
  make: MakeReport,
  visibility: Visibility,
  signal: AbortSignal,
): Promise<Made> {
  const known = { reportId, sha256, name, verdict, score };
  try {
    const { bytes, tlp } = await make(reportId, visibility, signal);
    const cleared = isWithin(tlp, visibility.maxTlp);
    return { facts: { ...known, tlp, cleared, failure: null }, bytes };
  } catch (cause) {
    if (!(cause instanceof ExportError) || !ofOneReport.has(cause.refusal)) throw cause;
    log.warn("Cannot give report '{reportId}': {message}: {cause}", {
      reportId,
      message: cause.message,
      cause: cause.cause ?? null,
    });
    return { facts: { ...known, tlp: null, cleared: false, failure: cause.message }, bytes: null };
  }
}

/** What is wrong with one report and not with all of them. */
const ofOneReport: ReadonlySet<ExportError["refusal"]> = new Set([
  "not-found",
  "timeout",
  "too-large",
  "failed",
]);
