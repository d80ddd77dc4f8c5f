import type { SampleList } from "@assay/core";
import { html, nothing, type TemplateResult } from "lit";
import { showText } from "../../text.ts";
import { tlpLevels } from "../../tlp.ts";

/** What can be done to a whole result. */
export type Action = "tag" | "untag" | "add-to-list" | "rescan" | "export" | "delete";

/** How an action is called and described. */
export interface ActionKind {
  readonly action: Action;
  readonly label: string;
  /** Before the number, e.g. `Tag 214 samples`. */
  readonly verb: string;
  /** What it does. */
  readonly about: string;
}

/** Every action. */
export const actions: readonly ActionKind[] = [
  { action: "tag", label: "Tag…", verb: "Tag", about: "Gives tags to them." },
  { action: "untag", label: "Untag…", verb: "Untag", about: "Takes this key's tags off." },
  {
    action: "add-to-list",
    label: "Add to list…",
    verb: "Put on the list",
    about: "Puts them on a list.",
  },
  { action: "rescan", label: "Rescan…", verb: "Analyse again", about: "Analyses them again." },
  { action: "export", label: "Export…", verb: "Export", about: "Makes a file of them." },
  {
    action: "delete",
    label: "Delete…",
    verb: "Delete",
    about:
      "Deletes the reports that this key sees, and the samples with bytes, notes and tags where no other submission is left. This can't be taken back.",
  },
];

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

/** How the file of an export ends, by its form. */
export const endings: Readonly<Record<string, string>> = { ndjson: "ndjson", csv: "csv", hashes: "txt" };
