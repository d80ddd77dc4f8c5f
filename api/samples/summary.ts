import type { Sha256, Visibility } from "@assay/core";
import type { z } from "@hono/zod-openapi";
import type { ApiDependencies } from "../app/dependencies.ts";
import type { SampleSummary } from "./schema.ts";

/** What the reader may know of a sample; null where he may not see it. */
export async function summarize(
  sha256: Sha256,
  visibility: Visibility,
  { sampleFacts, reports, knownHashes }: Pick<ApiDependencies, "sampleFacts" | "reports" | "knownHashes">,
): Promise<z.infer<typeof SampleSummary> | null> {
  const facts = await sampleFacts.find(sha256, visibility);
  if (!facts) return null;
  const report = (await reports.latest([sha256], visibility)).get(sha256) ?? null;
  const { md5, sha1 } = report?.digests ?? {};
  const digests = { sha256, ...(md5 !== undefined && { md5 }), ...(sha1 !== undefined && { sha1 }) };
  const [known = []] = await knownHashes.match([{ ...digests, tlp: visibility.maxTlp }]);
  const found = report?.modules.flatMap((run) => run.status === "ok" ? run.observations : []) ?? [];
  return {
    sha256,
    size: facts.size,
    firstSeen: facts.firstSeen,
    names: unique(facts.submissions.flatMap(({ name }) => name ?? [])),
    tags: unique([
      ...facts.submissions.flatMap(({ tags }) => tags),
      ...facts.tags.map(({ tag }) => tag),
      ...found.flatMap((o) => o.type === "tag" ? o.value : []),
    ]),
    fileType: report?.fileType ?? null,
    mime: report?.mime ?? null,
    magic: report?.magic ?? null,
    verdict: report?.verdict ?? null,
    reportId: report?.id ?? null,
    known: known.map(({ verdict, source, note }) => ({ verdict, source, note })),
    submissions: facts.submissions.map(({ submissionId, taskId, reportId, tlp, submitter, name, seen }) => (
      { submissionId, taskId, reportId, tlp, submitter, name, seen }
    )),
  };
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
