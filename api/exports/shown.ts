import { ReportsExport, Tlp } from "@assay/core";
import type { Job } from "@assay/infra";
import { z } from "@hono/zod-openapi";
import type { ReportFile } from "./schema.ts";

/** What the job tells of the file that it made. */
const Made = z.object({
  reports: z.int(),
  failed: z.int(),
  failures: z.array(z.object({ reportId: z.string(), sha256: z.string(), reason: z.string() })),
  size: z.int(),
  sha256: z.string(),
  tlp: Tlp,
  needs: Tlp,
});
type Made = z.infer<typeof Made>;

/** What was asked for, and what was made of it; null for a job of another kind. */
export function readJob(job: Job): { asked: ReportsExport; made: Made | null } | null {
  const asked = ReportsExport.safeParse(job.params["export"]);
  if (!asked.success) return null;
  return { asked: asked.data, made: job.result === null ? null : Made.parse(job.result) };
}

/** A file of reports as its owner sees it. `bytes` are those that are there, null where it was removed; `keep` is in milliseconds. */
export function shownFile(
  job: Job,
  { asked, made }: { asked: ReportsExport; made: Made | null },
  bytes: number | null,
  keep: number,
): z.infer<typeof ReportFile> {
  const { id, status, done, total, error, created, started, finished } = job;
  const { format, container, scope, q, submission, list, sha256s } = asked;
  return {
    id,
    status,
    done,
    total,
    format,
    container,
    scope,
    of: {
      q: q ?? null,
      submission: submission ?? null,
      list: list ?? null,
      samples: sha256s?.length ?? null,
    },
    file: made === null || finished === null ? null : {
      reports: made.reports,
      failed: made.failed,
      failures: made.failures,
      size: made.size,
      sha256: made.sha256,
      tlp: made.tlp,
      expires: new Date(Date.parse(finished) + keep).toISOString(),
      available: bytes !== null,
    },
    error,
    created,
    started,
    finished,
  };
}
