import type { SampleList } from "@assay/core";
import { html, nothing, type TemplateResult } from "lit";
import { showText } from "../../text.ts";
import { tlpLevels } from "../../tlp.ts";

/** What can be done to a whole result. */
export type Action = "tag" | "untag" | "add-to-list" | "rescan" | "export" | "reports" | "delete";

/** How an action is called and described. */
export interface ActionKind {
  readonly action: Action;
  readonly label: string;
  /** Before the number, e.g. `Tag 214 samples`. */
  readonly verb: string;
  /** What it does. */
  readonly about: string;
  /** The path that it is asked at, and the kind of the job that does it. */
  readonly path: string;
  readonly job: string;
  /** The scope that a key needs for it. */
  readonly scope: string;
  /** True where the result may differ afterwards. */
  readonly changes: boolean;
}

const scopes: Readonly<Record<Action, string>> = {
  tag: "annotate",
  untag: "annotate",
  "add-to-list": "annotate",
  rescan: "submit",
  export: "read",
  reports: "read",
  delete: "delete",
};

const kind = (action: Action, label: string, verb: string, about: string, changes = true): ActionKind => ({
  action,
  label,
  verb,
  about,
  path: action === "reports" ? "/api/v1/exports" : "/api/v1/search/actions",
  job: action === "reports" ? "reports.export" : `search.${action}`,
  scope: scopes[action],
  changes,
});

/** Every action. */
export const actions: readonly ActionKind[] = [
  kind("tag", "Tag…", "Tag", "Gives tags to them."),
  kind("untag", "Untag…", "Untag", "Takes this key's tags off."),
  kind("add-to-list", "Add to list…", "Put on the list", "Puts them on a list.", false),
  kind("rescan", "Rescan…", "Analyse again", "Analyses them again."),
  kind("export", "Export…", "Export", "Makes a file of the hits, a line each.", false),
  kind("reports", "Reports…", "Give away", "Makes a file of their whole reports.", false),
  kind(
    "delete",
    "Delete…",
    "Delete",
    "Deletes the reports that this key sees, and the samples with bytes, notes and tags where no other submission is left. " +
      "This can't be taken back.",
  ),
];

/** Files of whole reports, by what the form calls them. */
const reportFiles = [
  { name: "stix", text: "STIX 2.1, one bundle", format: "stix", container: "joined", ending: "stix.json" },
  { name: "ndjson", text: "JSON, a report a line", format: "json", container: "joined", ending: "ndjson" },
  { name: "csv", text: "CSV of digests and indicators", format: "csv", container: "joined", ending: "csv" },
  { name: "text", text: "Text", format: "text", container: "joined", ending: "txt" },
  { name: "html", text: "HTML, a page each in a zip", format: "html", container: "zip", ending: "zip" },
  { name: "zip", text: "JSON, a file each in a zip", format: "json", container: "zip", ending: "zip" },
] as const;

/** The part of the form that only this action has. */
export function renderOptions(action: Action, lists: readonly SampleList[]): TemplateResult | typeof nothing {
  switch (action) {
    case "tag":
      return html`${renderTags()}
        <label>Level of the tags
          <select name="tlp">${
        tlpLevels.map((level) =>
          html`<option value=${level} .defaultSelected=${
            level === "amber"
          }>TLP:${level.toUpperCase()}</option>`
        )
      }</select>
        </label>`;
    case "untag":
      return renderTags();
    case "add-to-list":
      return lists.length === 0
        ? html`<p class="quiet">There is no list yet: make one under “Lists”.</p>`
        : html`<label>List
            <select name="listId">${
          lists.map(({ id, name }) => html`<option value=${id}>${showText(name)}</option>`)
        }</select>
          </label>`;
    case "rescan":
      return html`<label>What runs
          <select name="rescan">
            <option value="all">every module</option>
            <option value="changed">modules whose version, rules or options changed</option>
          </select>
        </label>`;
    case "export":
      return html`<label>Form
          <select name="format">
            <option value="ndjson">NDJSON, a line a hit</option>
            <option value="csv">CSV</option>
            <option value="hashes">SHA-256, one a line</option>
          </select>
        </label>`;
    case "reports":
      return html`<label>Form
          <select name="file">${
        reportFiles.map(({ name, text }) => html`<option value=${name}>${text}</option>`)
      }</select>
        </label>`;
    case "delete":
      return nothing;
  }
}

function renderTags(): TemplateResult {
  return html`<label>Tags<input name="tags" required placeholder="case-7, loader" autocomplete="off" /></label>`;
}

/** What the form says, as the API takes it. */
export function readOptions(action: Action, form: FormData): Record<string, unknown> {
  const said = (name: string) => String(form.get(name) ?? "");
  switch (action) {
    case "tag":
      return { tags: tagsOf(said("tags")), tlp: said("tlp") };
    case "untag":
      return { tags: tagsOf(said("tags")) };
    case "add-to-list":
      return { listId: said("listId") };
    case "rescan":
      return { rescan: said("rescan") };
    case "export":
      return { format: said("format") };
    case "reports": {
      const { format, container } = reportFiles.find(({ name }) => name === said("file"))!;
      return { format, container };
    }
    case "delete":
      return {};
  }
}

function tagsOf(text: string): string[] {
  return text.split(",").map((tag) => tag.trim()).filter((tag) => tag !== "");
}

const words: Readonly<Record<string, string>> = {
  samples: "looked at",
  changed: "changed",
  queued: "queued",
  rows: "rows",
  reports: "reports",
  failed: "that failed",
  removedReports: "reports deleted",
  removedSamples: "samples deleted",
  kept: "kept",
};

/** What a job says that it did, in words. */
export function resultOf(result: Readonly<Record<string, unknown>> | null): string {
  return Object.entries(words).flatMap(([name, word]) => {
    const value = result?.[name];
    return typeof value === "number" ? [`${value.toLocaleString("en")} ${word}`] : [];
  }).join(", ");
}

const endings: Readonly<Record<string, string>> = { ndjson: "ndjson", csv: "csv", hashes: "txt" };

/** Where the file is that a job made, and how it is called; null where it made none. */
export function fileOf(
  { id, kind }: { readonly id: string; readonly kind: string },
  asked: Readonly<Record<string, unknown>>,
): { readonly path: string; readonly name: string } | null {
  if (kind === "search.export") {
    return { path: `/api/v1/jobs/${id}/result`, name: `search.${endings[String(asked["format"])]}` };
  }
  if (kind !== "reports.export") return null;
  const made = reportFiles.find(({ format, container }) =>
    format === asked["format"] && container === asked["container"]
  )!;
  return { path: `/api/v1/exports/${id}/download`, name: `reports.${made.ending}` };
}
