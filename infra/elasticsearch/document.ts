import {
  findField,
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
import { type Findings, findingsOf, foundRuns } from "./findings.ts";
import { searchTextOf, withoutRaw } from "./text.ts";
import { markWords, reverse } from "./words.ts";

/** What a hit shows of the sample itself. */
export interface HitCard {
  readonly sha256: Sha256;
  readonly size: number;
  readonly fileType: string;
  readonly mime: string;
  readonly verdict: VerdictLevel;
  readonly score: number;
  readonly tags: readonly string[];
  /** Newest first; a reader is shown the visible ones only. */
  readonly submissions: readonly {
    readonly reportId: TaskId;
    readonly tlp: Tlp;
    readonly owner: KeyId;
    readonly name: string | null;
    readonly tags: readonly string[];
    readonly seen: Timestamp;
  }[];
}

type Document = Record<string, unknown>;
type Submission = SampleFacts["submissions"][number];

/** The `reports` document of a report: all content, and what it is found by. Pure. */
export function toReportDocument(report: Report): Document {
  const limits = new Set(report.limits);
  const runs = foundRuns(report);
  const findings = findingsOf(report, runs, limits);
  const { text, raw } = searchTextOf(runs, limits);
  const submission = submissionOf(report);
  return {
    ...base(report, findings, [submission]),
    ...fieldsOfSubmission(submission, new Set(findings.get("tag"))),
    task: report.id,
    text,
    raw,
    report: withoutRaw({ ...report, limits: [...limits] }, raw),
  };
}

/** The `reports` document without raw output and text, for a report that Elasticsearch refused with `reason`. Pure. */
export function toBareReportDocument(report: Report, reason: string): Document {
  const limits = new Set(report.limits);
  const modules = report.modules.map((run) => run.status === "ok" ? { ...run, raw: null } : run);
  const findings = findingsOf(report, foundRuns(report), limits);
  const submission = submissionOf(report);
  limits.add(`stored without raw output and text: ${reason}`.slice(0, 1000));
  return {
    ...base(report, findings, [submission]),
    ...fieldsOfSubmission(submission, new Set(findings.get("tag"))),
    task: report.id,
    report: { ...report, modules, limits: [...limits] },
  };
}

/**
 * The `samples` document: the findings of the latest report, and each submission with its own name, tags and metadata.
 * Findings of look-ups outside are left out where somebody sees the sample but not the submission they were made for.
 * Pure.
 */
export function toSampleDocument(facts: SampleFacts, report: Report): Document {
  const shared = isSharedWithAll(report, facts.submissions);
  const runs = foundRuns(report).filter((run) => shared || run.category !== "lookup");
  const limits = new Set<string>();
  const findings = findingsOf(report, runs, limits);
  return {
    ...base(report, findings, facts.submissions),
    text: searchTextOf(runs, limits).text,
    seenLast: facts.submissions[0]?.seen ?? report.finished,
    submissions: facts.submissions.map((submission) => ({
      rank: tlpRank(submission.tlp),
      owner: submission.owner,
      task: submission.taskId,
      report: submission.reportId,
      seen: submission.seen,
      ...fieldsOfSubmission(submission, new Set()),
    })),
  };
}

/** True where whoever sees the sample also sees the submission of this report. */
function isSharedWithAll(report: Report, submissions: readonly Submission[]): boolean {
  const rank = tlpRank(report.tlp);
  return submissions.every((other) =>
    rank <= tlpRank(other.tlp) && (rank === 0 || other.owner === report.owner)
  );
}

function submissionOf(report: Report): Submission {
  return {
    submissionId: report.submissionId,
    taskId: report.id,
    reportId: report.id,
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

function base(report: Report, findings: Findings, submissions: readonly Submission[]): Document {
  const card: HitCard = {
    sha256: report.sha256,
    size: report.size,
    fileType: report.fileType,
    mime: report.mime,
    verdict: report.verdict.level,
    score: report.verdict.score,
    tags: [...findings.get("tag") ?? []].slice(0, 100) as string[],
    submissions: submissions.map(({ reportId, tlp, owner, name, tags, seen }) => ({
      reportId,
      tlp,
      owner,
      name,
      tags,
      seen,
    })),
  };
  return {
    hit: JSON.stringify(card),
    access: {
      rank: [...new Set(submissions.map((submission) => tlpRank(submission.tlp)))],
      owner: [...new Set(submissions.map((submission) => submission.owner))],
    },
    module: Object.fromEntries(
      report.modules.map((run) => [run.module, { status: run.status, version: run.version }]),
    ),
    ...indexed(findings),
  };
}

/** What a submission is found by; tags join those of the findings where both are kept in one place. */
function fieldsOfSubmission(submission: Submission, tags: Set<string | number | boolean>): Document {
  for (const tag of submission.tags) tags.add(tag);
  const findings: Findings = new Map([
    ["submission", new Set([submission.submissionId])],
    ["submitter", new Set([submission.submitter])],
    ["tlp", new Set([submission.tlp])],
    ["tag", tags],
    ["seen", new Set([submission.seen])],
  ]);
  if (submission.name !== null) findings.set("name", new Set([submission.name]));
  if (submission.parentSha256 !== null) findings.set("parent", new Set([submission.parentSha256]));
  return { ...indexed(findings), metadata: submission.metadata };
}

/** Values under the paths that `storage.ts` names. */
function indexed(findings: Findings): Document {
  const document: Document = {};
  for (const [name, values] of findings) {
    if (findField(name)!.type !== "name") {
      document[name] = [...values];
      continue;
    }
    const lowered = new Set<string>();
    const words: string[] = [];
    for (const value of values as Set<string>) {
      lowered.add(value.toLowerCase());
      words.push(markWords(value));
    }
    document[name] = [...lowered];
    document[`reversed.${name}`] = Array.from(lowered, reverse);
    document[`words.${name}`] = words;
  }
  return document;
}
