/** A form in which a report leaves, and what can be asked of it. */
export interface ExportForm {
  readonly name: string;
  readonly title: string;
  readonly about: string;
  /** Of the file, without the first dot. */
  readonly extension: string;
  readonly profiles: boolean;
  /** Whether addresses are taken apart unless something else is said; null where that can't be chosen. */
  readonly defang: boolean | null;
  /** How it is shown beforehand; null where a browser can't show it safely. */
  readonly preview: "page" | "text" | null;
}

/** The forms by name, as the API has them. */
export const exportForms: readonly ExportForm[] = [
  {
    name: "json",
    title: "JSON",
    about: "Everything, raw data of modules too, by a published schema. Text is as the sample has it.",
    extension: "json",
    profiles: false,
    defang: null,
    preview: "text",
  },
  {
    name: "stix",
    title: "STIX 2.1",
    about:
      "A bundle for threat-intelligence platforms: the file, what it mentions and does, indicators, techniques.",
    extension: "stix.json",
    profiles: true,
    defang: null,
    preview: "text",
  },
  {
    name: "text",
    title: "Text",
    about: "For people, at most 100 columns.",
    extension: "txt",
    profiles: false,
    defang: true,
    preview: "text",
  },
  {
    name: "html",
    title: "HTML",
    about:
      "One page for people that runs no script, asks for nothing and prints with its level on every page.",
    extension: "html",
    profiles: false,
    defang: true,
    preview: "page",
  },
  {
    name: "pdf",
    title: "PDF",
    about: "The same page to print or to file, with the STIX bundle inside.",
    extension: "pdf",
    profiles: false,
    defang: true,
    preview: null,
  },
  {
    name: "csv",
    title: "CSV",
    about: "Digests and indicators as a list; formulas of spreadsheets are made harmless.",
    extension: "csv",
    profiles: false,
    defang: false,
    preview: "text",
  },
];
