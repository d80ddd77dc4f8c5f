import type { Report } from "@assay/core";

/** Reports just stored, so that what follows a report needn't fetch it. */
export interface RecentReports {
  add(report: Report): void;
  /** Gives a report once. */
  take(id: Report["id"]): Report | undefined;
}

/** Keeps that many. */
export function keepRecent(most: number): RecentReports {
  const reports = new Map<Report["id"], Report>();
  return {
    add(report) {
      reports.set(report.id, report);
      if (reports.size > most) reports.delete(reports.keys().next().value!);
    },
    take(id) {
      const report = reports.get(id);
      reports.delete(id);
      return report;
    },
  };
}
