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
import { SIMILAR, similarOf } from "./pivots/terms.ts";
import type { SampleFacts } from "../postgres/repositories.ts";
import { annotationsOf, tagsByReaders, type TagsOfReaders } from "./annotations.ts";
import { type Derived, deriveFrom, indexed, members } from "./derive.ts";

/** What a hit shows of the sample itself. */
export interface HitCard {
  readonly sha256: Sha256;
  readonly size: number;
  readonly fileType: string;
  readonly mime: string;
  readonly verdict: VerdictLevel;
  readonly score: number;
  readonly tags: readonly string[];
  /** Modules that found values, by field; reports stored by earlier versions lack it. */
  readonly sources?: Readonly<Record<string, readonly string[]>>;
  /** Newest first; a reader is shown the visible ones only. */
  readonly submissions: readonly {
    readonly reportId: TaskId;
    readonly tlp: Tlp;
    readonly owner: KeyId;
    readonly name: string | null;
    readonly tags: readonly string[];
    readonly seen: Timestamp;
  }[];
  /** Analysts' tags, by level and owner; a reader is shown the visible ones only. Documents of old have none. */
  readonly annotations?: readonly {
    readonly tlp: Tlp;
    readonly owner: KeyId;
    readonly tags: readonly string[];
  }[];
}

type Submission = SampleFacts["submissions"][number];

/** The `reports` document of a report, as JSON: all content, and what it is found by. Pure. */
export function toReportDocument(report: Report): string {
  const derived = deriveFrom(report, { lookups: true });
  return object(
    members({ report: { ...report, limits: derived.limits } }),
    ofReport(report, derived),
    derived.fields,
    derived.text,
    derived.raw,
  );
}

/** The `reports` document without raw output and text, for a report that Elasticsearch refused with `reason`. Pure. */
export function toBareReportDocument(report: Report, reason: string): string {
  const derived = deriveFrom(report, { lookups: true });
  const modules = report.modules.map((run) => run.status === "ok" ? { ...run, raw: null } : run);
  const limits = [...derived.limits, `stored without raw output and text: ${reason}`.slice(0, 1000)];
  return object(
    members({ report: { ...report, modules, limits } }),
    ofReport(report, derived),
    derived.fields,
  );
}

/**
 * The `samples` document, as JSON: the findings of the latest report, and each submission with its own name, tags and
 * metadata. Findings of look-ups outside are left out where somebody sees the sample but not the submission they were
 * made for. Pure.
 */
export function toSampleDocument(facts: SampleFacts, report: Report, options = { text: true }): string {
  const derived = deriveFrom(report, { lookups: isSharedWithAll(report, facts.submissions) });
  const submissions = facts.submissions.map((submission) => ({
    rank: tlpRank(submission.tlp),
    owner: submission.owner,
    task: submission.taskId,
    ...fieldsOf(submission, submission.tags),
  }));
  return object(
    members({
      ...common(report, derived, facts.submissions, tagsByReaders(facts)),
      tag: derived.tags,
      [SIMILAR]: similarOf(report),
      seenLast: facts.submissions[0]?.seen ?? report.finished,
      submissions,
      annotations: annotationsOf(facts),
    }),
    derived.fields,
    ...options.text ? [derived.text] : [],
  );
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

/** What belongs to a report's own submission, at the top of its document. */
function ofReport(report: Report, derived: Derived): string {
  const submission = submissionOf(report);
  return members({
    ...common(report, derived, [submission]),
    task: report.id,
    ...fieldsOf(submission, [...derived.tags, ...report.tags]),
  });
}

function common(
  report: Report,
  derived: Derived,
  submissions: readonly Submission[],
  annotations: readonly TagsOfReaders[] = [],
) {
  const card: HitCard = {
    sha256: report.sha256,
    size: report.size,
    fileType: report.fileType,
    mime: report.mime,
    verdict: report.verdict.level,
    score: report.verdict.score,
    tags: derived.tags.slice(0, 100),
    sources: derived.sources,
    submissions: submissions.map(({ reportId, tlp, owner, name, tags, seen }) => ({
      reportId,
      tlp,
      owner,
      name,
      tags,
      seen,
    })),
    annotations,
  };
  return {
    hit: JSON.stringify(card),
    access: {
      rank: [...new Set(submissions.map((submission) => tlpRank(submission.tlp)))],
      owner: [...new Set(submissions.map((submission) => submission.owner))],
    },
  };
}

/** What a submission is found by. */
function fieldsOf(submission: Submission, tags: readonly string[]): Record<string, unknown> {
  const findings: Findings = new Map([
    ["submission", new Set([submission.submissionId])],
    ["submitter", new Set([submission.submitter])],
    ["tlp", new Set([submission.tlp])],
    ["tag", new Set(tags)],
    ["seen", new Set([submission.seen])],
  ]);
  if (submission.name !== null) findings.set("name", new Set([submission.name]));
  if (submission.parentSha256 !== null) findings.set("parent", new Set([submission.parentSha256]));
  return { ...indexed(findings), metadata: submission.metadata };
}

function object(...parts: readonly string[]): string {
  return `{${parts.join(",")}}`;
}
