import type { Report } from "@assay/core";
import { consume } from "@lit/context";
import { Task as Fetching } from "@lit/task";
import { html, LitElement, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";
import { type Client, clientContext } from "../../controllers/client.ts";
import { messageOf } from "../../controllers/search.ts";
import { saveFile } from "../../controllers/save-file.ts";
import type { AssayPivotEvent } from "../../events/events.ts";
import { Needle } from "../../mark.ts";
import { renderFailure, renderPending } from "../../states.ts";
import { showLines, showText } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";
import { type ContentsEntry, renderContents, renderFind } from "./contents.ts";
import { narrow, renderFindings, ROWS } from "./findings.ts";
import { renderIdentity } from "./identity.ts";
import { marksIn, showMark } from "./marks.ts";
import { renderModules } from "./modules.ts";
import { styles } from "./report.styles.ts";
import { type FoundTable, tablesOf } from "./tables.ts";
import { renderReasons } from "./verdict.ts";

/** Parts that cost questions of their own are made when they are opened. */
const folds = {
  relations: "Relations",
  similar: "Similar files",
  observables: "Where else its values are",
  export: "Export",
  raw: "Raw report (JSON)",
} as const;
type Fold = keyof typeof folds;

/**
 * One report, all of it: verdict with its reasons, identity, notes and tags, what each module found, related files, every module
 * run, history, similar files, export and raw data; with a search inside it and a menu on every value.
 *
 * @element assay-report
 * @attr report-id - The report to show.
 * @fires assay-navigate - Another report, a file or a comparison was chosen.
 * @fires assay-pivot - Somebody goes on from a value; `where` is answered here, in a dialog, and is `defaultPrevented` then.
 * @fires assay-annotated - A note, a tag or a list was changed.
 * @fires assay-exported - A form of the report was saved.
 */
export class AssayReport extends LitElement {
  static override styles = [controls, styles];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @property({ attribute: "report-id" })
  accessor reportId = "";
  @state()
  accessor needle = new Needle("");
  @state()
  accessor searched = "";
  @state()
  accessor found = 0;
  @state()
  accessor at = 0;
  @state()
  accessor open: ReadonlyMap<string, boolean> = new Map();
  @state()
  accessor rows: ReadonlyMap<string, number> = new Map();
  @state()
  accessor where: { readonly field: string; readonly value: string } | null = null;
  @state()
  accessor message = "";
  @query("dialog")
  accessor dialog: HTMLDialogElement | null = null;

  #tables: readonly FoundTable[] = [];

  readonly #fetching = new Fetching(this, {
    args: () => [this.client, this.reportId] as const,
    task: async ([client, id], { signal }) => {
      if (!client || !id) return null;
      const report = await client.json<Report>(`/api/v1/reports/${encodeURIComponent(id)}`, { signal });
      this.#tables = tablesOf(report);
      return report;
    },
  });

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("reportId")) return;
    this.needle = new Needle("");
    this.searched = this.message = "";
    this.open = new Map();
    this.rows = new Map();
    this.where = null;
  }

  override updated(changed: PropertyValues<this>): void {
    if (changed.has("where") && this.where) this.dialog?.showModal();
    void this.#countMatches();
  }

  override render() {
    return this.#fetching.render({
      initial: () => null,
      pending: () => renderPending("the report"),
      error: (cause) => renderFailure(cause, "report", this.#onAgain),
      complete: (report) => report && this.#renderReport(report),
    });
  }

  #renderReport(report: Report) {
    const tables = narrow(this.#tables, this.needle);
    return html`
      <div class="layout" @assay-pivot=${this.#onPivot} @assay-navigate=${this.#onWhereClose}>
        <aside>
          ${renderFind({
            text: this.searched,
            matches: this.found,
            at: this.at,
            onInput: this.#onFindInput,
            onKeyDown: this.#onFindKeyDown,
            onStepClick: this.#onStepClick,
          })}
          ${renderContents(entriesOf(report, tables), this.#onGoClick)}
        </aside>
        <article>
          ${this.#renderHead(report)} ${renderReasons(report, this.needle)} ${renderIdentity(
            report,
            this.needle,
          )}
          <section data-section="tags">
            <h2 tabindex="-1">Tags</h2>
            <assay-tags sha256=${report.sha256}></assay-tags>
          </section>
          <section data-section="findings">
            <h2 tabindex="-1">Findings</h2>
            ${renderFindings(tables, {
              needle: this.needle,
              open: this.open,
              rows: this.rows,
              onToggle: this.#onTableToggle,
              onMoreClick: this.#onRowsClick,
            })}
          </section>
          ${this.#renderFiles(report)} ${this.#renderAnnotations(report)} ${renderModules(
            report.modules,
            this.needle,
            this.#onGoClick,
          )}
          <section data-section="history">
            <h2 tabindex="-1">History</h2>
            <assay-history sha256=${report.sha256} report-id=${report.id}></assay-history>
          </section>
          ${this.#renderLimits(report)}
          <section data-section="more">
            <h2 tabindex="-1">More</h2>
            ${(Object.keys(folds) as Fold[]).map((fold) => this.#renderFold(fold, report))}
          </section>
        </article>
        ${this.#renderWhere()}
      </div>
    `;
  }

  #renderHead(report: Report) {
    const { verdict } = report;
    return html`
      <header class="head ${verdict.level}" data-section="verdict">
        <div>
          <span class="level">${verdict.level}</span>
          <span class="score">score ${verdict.score} of 100</span>
          <span class="tlp">TLP:${report.tlp.toUpperCase()}</span>
        </div>
        <h1 tabindex="-1">${this.needle.mark(showText(report.name ?? report.sha256))}</h1>
        <p>${this.needle.mark(showText(verdict.summary))}</p>
        <p class="actions">
          <button data-goal="export" @click=${this.#onGoClick}>Export…</button>
          <button @click=${this.#onSampleClick}>Download sample (zip, password infected)</button>
        </p>
        ${this.message ? html`<p class="error" role="alert">${this.message}</p>` : null}
      </header>
    `;
  }

  #renderAnnotations({ sha256 }: Report) {
    return html`
      <section data-section="notes">
        <h2 tabindex="-1">Notes</h2>
        <assay-notes sha256=${sha256}></assay-notes>
      </section>
      <section data-section="lists">
        <h2 tabindex="-1">Add to a list</h2>
        <assay-add-to-list sha256=${sha256}></assay-add-to-list>
      </section>
    `;
  }

  #renderFiles({ sha256, parent }: Report) {
    return html`
      <section data-section="files">
        <h2 tabindex="-1">Contained files</h2>
        <assay-tree sha256=${sha256} .needle=${this.needle}></assay-tree>
        ${parent === null ? null : html`
          <h3>Came out of</h3>
          <assay-tree sha256=${sha256} relation="parent" .needle=${this.needle}></assay-tree>
        `}
      </section>
    `;
  }

  #renderLimits({ limits }: Report) {
    if (limits.length === 0) return null;
    return html`
      <section data-section="limits">
        <h2 tabindex="-1">Left out by limits</h2>
        <ul>${limits.map((limit) => html`<li>${showText(limit)}</li>`)}</ul>
      </section>
    `;
  }

  #renderFold(fold: Fold, report: Report) {
    const open = this.open.get(fold) ?? false;
    return html`
      <details class="fold" data-section=${fold} data-table=${fold} ?open=${open} @toggle=${this
        .#onFoldToggle}>
        <summary>${folds[fold]}</summary>
        ${open ? html`<div class="folded">${renderFolded(fold, report)}</div>` : null}
      </details>
    `;
  }

  #renderWhere() {
    if (!this.where) return null;
    return html`
      <dialog aria-label="Where else" @close=${this.#onWhereClose}>
        <header class="bar">
          <h2>Where else</h2>
          <button @click=${this.#onWhereClose}>Close</button>
        </header>
        <assay-observable field=${this.where.field} value=${this.where.value}></assay-observable>
      </dialog>
    `;
  }

  /** Marks are counted where they are drawn, when all that holds some has drawn itself. */
  async #countMatches(): Promise<void> {
    await Promise.all(
      [...this.renderRoot.querySelectorAll<LitElement>("assay-tree")].map((tree) => tree.updateComplete),
    );
    this.found = this.needle.empty ? 0 : marksIn(this.renderRoot).length;
  }

  #step(by: number): void {
    const marks = marksIn(this.renderRoot);
    if (marks.length === 0) return;
    const next = this.at === 0
      ? (by > 0 ? 0 : marks.length - 1)
      : (this.at - 1 + by + marks.length) % marks.length;
    this.at = next + 1;
    showMark(marks, next);
  }

  async #go(goal: string): Promise<void> {
    if (goal in folds) this.open = new Map(this.open).set(goal, true);
    await this.updateComplete;
    const part = this.renderRoot.querySelector<HTMLElement>(`[data-section="${CSS.escape(goal)}"]`);
    part?.scrollIntoView({ block: "start" });
    part?.querySelector<HTMLElement>("h1, h2, h3, summary")?.focus({ preventScroll: true });
  }

  readonly #onAgain = () => void this.#fetching.run();

  readonly #onFindInput = (event: Event) => {
    this.searched = (event.target as HTMLInputElement).value;
    this.needle = new Needle(this.searched);
    this.at = 0;
  };

  readonly #onFindKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    this.#step(event.shiftKey ? -1 : 1);
  };

  readonly #onStepClick = (event: Event) =>
    this.#step(Number((event.currentTarget as HTMLElement).dataset["step"]));

  readonly #onGoClick = (event: Event) =>
    void this.#go((event.currentTarget as HTMLElement).dataset["goal"]!);

  readonly #onTableToggle = (event: Event) => {
    const { dataset, open } = event.target as HTMLDetailsElement;
    if (this.needle.empty) this.open = new Map(this.open).set(dataset["table"]!, open);
  };

  readonly #onFoldToggle = (event: Event) => {
    const { dataset, open } = event.target as HTMLDetailsElement;
    this.open = new Map(this.open).set(dataset["table"]!, open);
  };

  readonly #onRowsClick = (event: Event) => {
    const id = (event.currentTarget as HTMLElement).dataset["table"]!;
    this.rows = new Map(this.rows).set(id, (this.rows.get(id) ?? ROWS) + ROWS);
  };

  #onPivot(event: AssayPivotEvent): void {
    if (event.how !== "where" || event.defaultPrevented) return;
    event.preventDefault();
    this.where = { field: event.field, value: event.value };
  }

  #onWhereClose(): void {
    this.dialog?.close();
    this.where = null;
  }

  async #onSampleClick(): Promise<void> {
    const sha256 = this.#fetching.value?.sha256;
    if (!sha256 || !this.client) return;
    try {
      this.message = "";
      await saveFile(this.client, `/api/v1/samples/${sha256}/download?format=zip`, `${sha256}.zip`);
    } catch (cause) {
      this.message = messageOf(cause);
    }
  }
}

function renderFolded(fold: Fold, report: Report) {
  switch (fold) {
    case "relations":
      return html`<assay-relations sha256=${report.sha256}></assay-relations>`;
    case "similar":
      return html`<assay-similar sha256=${report.sha256} report-id=${report.id}></assay-similar>`;
    case "observables":
      return html`<assay-observables sha256=${report.sha256}></assay-observables>`;
    case "export":
      return html`<assay-export report-id=${report.id}></assay-export>`;
    case "raw":
      return html`<pre class="mono" tabindex="0" aria-label="Raw report">${
        showLines(JSON.stringify(report, null, 2))
      }</pre>`;
  }
}

/** The parts that this report has, with what there is to count. */
function entriesOf(report: Report, tables: readonly FoundTable[]): ContentsEntry[] {
  const entry = (id: string, title: string, count: number | null = null, within = false): ContentsEntry => ({
    id,
    title,
    count,
    within,
  });
  const modules = [...Map.groupBy(tables, ({ module }) => module)];
  const failed = report.modules.filter(({ status }) => status === "error" || status === "timeout").length;
  return [
    entry("verdict", "Verdict"),
    ...(report.verdict.reasons.length > 0 ? [entry("why", "Why", report.verdict.reasons.length)] : []),
    entry("identity", "Identity"),
    entry("tags", "Tags"),
    entry("findings", "Findings"),
    ...modules.map(([module, found]) =>
      entry(`module-${module}`, module, found.reduce((sum, { rows }) => sum + rows.length, 0), true)
    ),
    entry("files", "Contained files", report.children.length),
    entry("notes", "Notes"),
    entry("lists", "Add to a list"),
    entry("modules", failed > 0 ? `Modules, ${failed} failed of` : "Modules", report.modules.length),
    entry("history", "History"),
    ...(report.limits.length > 0 ? [entry("limits", "Left out by limits", report.limits.length)] : []),
    ...(Object.keys(folds) as Fold[]).map((fold) => entry(fold, folds[fold])),
  ];
}
