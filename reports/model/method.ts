import { THRESHOLDS } from "@assay/core";
import type { ReportModel } from "./model.ts";

/** How the sample was looked at and what the verdict means, in sentences for every form that people read. */
export function methodOf({ engines }: Pick<ReportModel, "engines">): string {
  const ran = engines.filter(({ version }) => version !== null)
    .map(({ name, version }) => `${name} ${version}`);
  return `${engines.length} modules were asked${
    ran.length === 0 ? "" : `: ${ran.join(", ")}`
  }. The verdict combines their ` +
    `observations by fixed rules; a score of ${THRESHOLDS.malicious} or more is malicious, ${THRESHOLDS.suspicious} or more ` +
    "suspicious. Benign needs a positive reason; silence is unknown.";
}
