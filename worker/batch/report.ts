import { concludeVerdict, type Report, REPORT_SCHEMA_VERSION, type Timestamp } from "@assay/core";
import type { KnownHash } from "@assay/infra";
import type { Analysis } from "./scan.ts";

/** Notes of a report that are kept. */
const MOST_LIMITS = 200;

/** The digests that modules found. */
export function digestsOf({ task, runs }: Analysis): Report["digests"] {
  const digests: Report["digests"] = { sha256: task.sha256 };
  for (const run of runs) {
    if (run.status !== "ok") continue;
    for (const one of run.observations) {
      if (one.type === "digest" && one.algorithm !== "sha256") digests[one.algorithm] ??= one.value;
    }
  }
  return digests;
}

/** What the table of known hashes goes by. */
export function hashesOf({ sha256, sha1, md5 }: Report["digests"]) {
  return { sha256, ...sha1 === undefined ? {} : { sha1 }, ...md5 === undefined ? {} : { md5 } };
}

/** The report of an analysis, with its verdict. */
export function makeReport(
  analysis: Analysis,
  digests: Report["digests"],
  known: readonly KnownHash[],
  finished: Timestamp,
): Report {
  const { task, runs, type } = analysis;
  const observations = runs.flatMap((run) =>
    run.status === "ok" ? run.observations.map((one) => ({ ...one, module: run.module })) : []
  );
  const children = new Map(analysis.children.map((child) => [child.sha256, child]));
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    id: task.id,
    revision: 1,
    submissionId: task.submissionId,
    sha256: task.sha256,
    size: task.size,
    name: task.name,
    fileType: task.size === 0 ? "empty" : type.fileType,
    mime: type.mime,
    magic: type.magic,
    digests,
    tlp: task.tlp,
    owner: task.owner,
    submitter: task.ownerName,
    tags: [...task.tags],
    metadata: { ...task.metadata },
    submitted: task.submitted,
    started: task.started ?? finished,
    finished,
    parent: task.parentTaskId && task.parentSha256
      ? { sha256: task.parentSha256, taskId: task.parentTaskId }
      : null,
    children: [...children.values()],
    verdict: concludeVerdict({ observations, known, runs }),
    modules: [...runs],
    limits: analysis.limits.slice(0, MOST_LIMITS).map((note) => note.toWellFormed()),
  };
}
