import { z } from "zod";

/** What importers of STIX a bundle is for: the standard as it is, or what MISP's converter can read. */
export const exportProfiles = ["default", "misp"] as const;
/** What importers of STIX a bundle is for. */
export type ExportProfile = (typeof exportProfiles)[number];

/** Parts of a report for people, in the order in which they stand there. Verdict, digests and level are always there. */
export const reportSections = [
  "summary",
  "engines",
  "identification",
  "static",
  "dynamic",
  "attack",
  "indicators",
  "related",
  "notes",
  "gaps",
  "method",
  "appendix",
] as const;
/** A part of a report for people. */
export type ReportSection = (typeof reportSections)[number];

/** What can be asked for besides the format. */
export type ExportOption = "profile" | "defang" | "sections";

/** A form in which a report leaves. */
export interface ExportForm {
  /** With its parameters, as `Content-Type` has it. */
  readonly mediaType: string;
  /** Of its file's name, without the first dot. */
  readonly extension: string;
  /** False for bytes that no terminal should be shown. */
  readonly text: boolean;
  /** What it can be asked for with. */
  readonly takes: readonly ExportOption[];
}

/** The forms by their names in paths. A form more is a line here and a renderer in `reports/forms.ts`. */
export const exportForms = {
  json: { mediaType: "application/json", extension: "json", text: true, takes: [] },
  stix: {
    mediaType: "application/stix+json;version=2.1",
    extension: "stix.json",
    text: true,
    takes: ["profile"],
  },
  text: {
    mediaType: "text/plain; charset=utf-8",
    extension: "txt",
    text: true,
    takes: ["defang", "sections"],
  },
  html: {
    mediaType: "text/html; charset=utf-8",
    extension: "html",
    text: true,
    takes: ["defang", "sections"],
  },
  pdf: { mediaType: "application/pdf", extension: "pdf", text: false, takes: ["defang", "sections"] },
  csv: { mediaType: "text/csv; charset=utf-8", extension: "csv", text: true, takes: ["defang"] },
} as const satisfies Record<string, ExportForm>;

/** A form's name. */
export const ExportFormat = z.enum(Object.keys(exportForms) as [keyof typeof exportForms]);
/** A form's name. */
export type ExportFormat = keyof typeof exportForms;

/** How a report is to be made. What the form doesn't take is null. */
export const ExportOptions = z.strictObject({
  format: ExportFormat,
  /** Null for the standard. */
  profile: z.enum(exportProfiles).nullable(),
  /** Null for what is usual: forms for people are defanged, those for machines are not. */
  defang: z.boolean().nullable(),
  /** Null for those that the configuration chooses. */
  sections: z.array(z.enum(reportSections)).min(1).max(reportSections.length).nullable(),
});
/** How a report is to be made. */
export type ExportOptions = z.infer<typeof ExportOptions>;

/** The options that were asked for and that the form doesn't take. */
export function foreignOptions(options: ExportOptions): ExportOption[] {
  const { takes }: ExportForm = exportForms[options.format];
  return (["profile", "defang", "sections"] as const)
    .filter((name) => options[name] !== null && !takes.includes(name));
}
