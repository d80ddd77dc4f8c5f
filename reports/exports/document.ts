import { isWithin, type ReportsExport, type Visibility } from "@assay/core";
import type { Exporter } from "../service/exporter.ts";
import type { Member } from "./member.ts";
import { type Survey, surveyOf } from "./survey.ts";

/** What one document is made of. */
export interface DocumentInput {
  readonly asked: ReportsExport;
  /** Which reports, in their order. */
  readonly members: readonly Member[];
  readonly visibility: Visibility;
}

/** One document of many reports, and what is said of it; those that are gone or not for the reader any more are told of. */
export async function makeDocument(
  exporter: Pick<Exporter, "exportMany">,
  { asked, members, visibility }: DocumentInput,
  signal: AbortSignal,
): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly survey: Survey }> {
  const { format, profile, defang, sections } = asked;
  const reports = members.map(({ reportId }) => reportId);
  const { included, bytes } = await exporter.exportMany(
    { format, profile, defang, sections, reports, visibility },
    signal,
  );
  const known = members.map((member): Member => {
    const tlp = included.get(member.reportId) ?? null;
    if (tlp === null) return { ...member, failure: "Cannot find the report" };
    return { ...member, tlp, cleared: isWithin(tlp, visibility.maxTlp) };
  });
  return { bytes, survey: await surveyOf(ReadableStream.from(known)) };
}
