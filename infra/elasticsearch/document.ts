import {
  type Findings,
  type KeyId,
  type Report,
  type Sha256,
  type TaskId,
  type Timestamp,
  type Tlp,
  tlpRank,
  type VerdictLevel,
} from "@assay/core";
import type { SampleFacts } from "../postgres/repositories.ts";
import { annotationsOf, tagsByReaders, type TagsOfReaders } from "./annotations.ts";
import { contentOf, deriveFrom, indexed, members } from "./derive.ts";
import { SIMILAR, similarOf } from "./pivots/terms.ts";
import { ACCESS, ANNOTATIONS, OWN, SUBMISSIONS } from "./visibility.ts";

/** What a hit shows of the sample itself. */
export interface HitCard {
  readonly sha256: Sha256;
  readonly size: number;
  readonly fileType: string;
  readonly mime: string;
  readonly verdict: VerdictLevel;
  readonly score: number;
  /** Of the findings. */
  readonly tags: readonly string[];
  /** The report's own submission. */
  readonly own: SubmissionCard;
  /** Of the sample, newest first, where this is its newest report; a reader is shown the visible ones only. */
  readonly submissions: readonly SubmissionCard[];
  /** Analysts' tags of the sample, by level and owner; a reader is shown the visible ones only. */
  readonly annotations: readonly TagsOfReaders[];
}

/** What a hit shows of a submission. */
export interface SubmissionCard {
  readonly reportId: TaskId;
  readonly tlp: Tlp;
  readonly owner: KeyId;
  readonly name: string | null;
  readonly tags: readonly string[];
  readonly seen: Timestamp;
}

type Submission = SampleFacts["submissions"][number];

/** What documents are made of: a report, and the facts of its sample where it is the sample's newest. */
export interface DocumentContent {
  readonly report: Report;
  readonly facts: SampleFacts | null;
}

/** One document: a report, the latest state of its sample, or both in one. */
export interface Document extends DocumentContent {
  readonly id: string;
  readonly shows: "report" | "sample" | "both";
}

/**
 * The documents of a report. The newest of a sample is the sample's document too: it also holds each submission with
 * its own name, tags and metadata. Where somebody sees the sample but not the submission that a look-up outside was
 * made for, there are two: the report with all findings, and the sample without those of look-ups.
 */
export function documentsOf({ report, facts }: DocumentContent): readonly Document[] {
  if (facts === null) return [{ id: report.id, shows: "report", report, facts }];
  if (isSharedWithAll(report, facts.submissions) || !report.modules.some(isLookup)) {
    return [{ id: report.id, shows: "both", report, facts }];
  }
  return [
    { id: report.id, shows: "report", report, facts: null },
    { id: report.sha256, shows: "sample", report, facts },
  ];
}

/** The document as JSON: all content, and what it is found by. Pure. */
export function toJson({ report, facts, shows }: Document): string {
  const derived = deriveFrom(report, { lookups: shows !== "sample" });
  return object(
    derived.content,
    foundBy(report, facts, shows, derived.tags),
    derived.fields,
    derived.text,
    derived.raw,
  );
}

/** The document without raw output and text, for one that Elasticsearch refused with `reason`. Pure. */
export function toBareJson({ report, facts, shows }: Document, reason: string): string {
  const derived = deriveFrom(report, { lookups: shows !== "sample" });
  const modules = report.modules.map((run) => run.status === "ok" ? { ...run, raw: null } : run);
  const limits = [...derived.limits, `stored without raw output and text: ${reason}`.slice(0, 1000)];
  return object(
    contentOf({ ...report, modules }, limits),
    foundBy(report, facts, shows, derived.tags),
    derived.fields,
  );
}

function isLookup({ category }: Report["modules"][number]): boolean {
  return category === "lookup";
}

/** True where whoever sees the sample also sees the submission of this report. */
function isSharedWithAll(report: Report, submissions: readonly Submission[]): boolean {
  const rank = tlpRank(report.tlp);
  return submissions.every((other) =>
    rank <= tlpRank(other.tlp) && (rank === 0 || other.owner === report.owner)
  );
}

/** A report's own submission, as a sample's facts list it. */
export function submissionOf(report: Report): Submission {
  return {
    submissionId: report.submissionId,
    taskId: report.id,
    reportId: report.id,
    reportRevision: report.revision,
    tlp: report.tlp,
    owner: report.owner,
    submitter: report.submitter,
    name: report.name,
    tags: report.tags,
    metadata: report.metadata,
    parentSha256: report.parent?.sha256 ?? null,
    seen: report.finished,
  };
}

/** The facts of a report's sample that PostgreSQL knows nothing of. */
export function unknownSample({ sha256, size, submitted }: Report): SampleFacts {
  return { sha256, size, firstSeen: submitted, revision: 0, submissions: [], notes: [], tags: [] };
}

/** What a report and its submissions are found by, beside the fields of the findings. */
function foundBy(
  report: Report,
  facts: SampleFacts | null,
  shows: Document["shows"],
  tags: readonly string[],
): string {
  const own = submissionOf(report);
  // The report says when it was finished; PostgreSQL notes its task's end a moment later.
  const submissions = facts?.submissions.map((one) => one.taskId === report.id ? own : one) ?? [];
  const card: HitCard = {
    sha256: report.sha256,
    size: report.size,
    fileType: report.fileType,
    mime: report.mime,
    verdict: report.verdict.level,
    score: report.verdict.score,
    tags: tags.slice(0, 100),
    own: cardOf(own),
    submissions: submissions.map(cardOf),
    annotations: facts === null ? [] : tagsByReaders(facts),
  };
  return members({
    hit: JSON.stringify(card),
    tag: tags,
    latest: facts !== null,
    ...shows === "sample" ? { task: report.sha256 } : { task: report.id, [OWN]: ofSubmission(own) },
    ...facts === null ? {} : {
      seenLast: submissions[0]?.seen ?? report.finished,
      [ACCESS]: {
        rank: [...new Set(submissions.map((submission) => tlpRank(submission.tlp)))],
        owner: [...new Set(submissions.map((submission) => submission.owner))],
      },
      [SUBMISSIONS]: submissions.map((one) => ({ task: one.taskId, ...ofSubmission(one) })),
      [ANNOTATIONS]: annotationsOf(facts),
      [SIMILAR]: similarOf(report),
    },
  });
}

function cardOf({ reportId, tlp, owner, name, tags, seen }: Submission): SubmissionCard {
  return { reportId, tlp, owner, name, tags, seen };
}

/** What a submission is found by, and who may find by it. */
function ofSubmission(submission: Submission): Record<string, unknown> {
  const findings: Findings = new Map([
    ["submission", new Set([submission.submissionId])],
    ["submitter", new Set([submission.submitter])],
    ["tlp", new Set([submission.tlp])],
    ["tag", new Set(submission.tags)],
    ["seen", new Set([submission.seen])],
  ]);
  if (submission.name !== null) findings.set("name", new Set([submission.name]));
  if (submission.parentSha256 !== null) findings.set("parent", new Set([submission.parentSha256]));
  const { tlp, owner, metadata } = submission;
  return { rank: tlpRank(tlp), owner, ...indexed(findings), metadata };
}

function object(...parts: readonly string[]): string {
  return `{${parts.join(",")}}`;
}
