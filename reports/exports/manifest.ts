import type { ReportsExport } from "@assay/core";
import { shown } from "../model/shown.ts";
import type { MemberFacts } from "./member.ts";
import type { Survey } from "./survey.ts";

/** A line of the manifest: a report that is there, or why it is not. */
interface Line extends MemberFacts {
  /** Its name in the zip; null where it is missing. */
  readonly file: string | null;
}

/** What is in a zip of reports and what is missing, as JSON: names of samples stand here and nowhere else. */
export class Manifest {
  readonly #lines: string[] = [];

  add({ file, reportId, sha256, name, verdict, score, tlp, failure }: Line): void {
    this.#lines.push(JSON.stringify({
      file,
      reportId,
      sha256,
      name: name === null ? null : shown(name),
      verdict,
      score,
      tlp,
      missing: failure === null ? null : shown(failure, 500),
    }));
  }

  /** The file's bytes. */
  encode(
    { statement, tlp, reports, failed }: Survey,
    { format, profile, q, submission, list, scope }: ReportsExport,
  ): Uint8Array {
    const asked = { format, profile, q, submission, list, scope };
    const head = JSON.stringify({
      format: "assay-reports",
      version: 1,
      statement,
      tlp,
      reports,
      missing: failed,
      asked,
    });
    const items = this.#lines.map((line) => `\n${line}`).join(",");
    return new TextEncoder().encode(`${head.slice(0, -1)},"items":[${items}\n]}\n`);
  }
}
