import type { ReportComparison } from "@assay/core";
import { consume } from "@lit/context";
import { Task } from "@lit/task";
import { html, LitElement } from "lit";
import { property, state } from "lit/decorators.js";
import { type Client, clientContext } from "../../controllers/client.ts";
import { AssayNavigateEvent } from "../../events/events.ts";
import { renderFailure, renderPending } from "../../states.ts";
import { formatSize, formatTime, showText } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";
import { styles } from "./compare.styles.ts";
import { type ComparedPart, type ComparedRow, partsOf, showCompared } from "./rows.ts";

/**
 * Two reports side by side, field by field: of one sample (what changed since?) or of two (what do they share?). Only
 * differences are drawn unless all is asked for.
 *
 * @element assay-compare
 * @attr report-id - The report on the left, "A".
 * @attr other-id - The report on the right, "B".
 * @fires assay-navigate - One of the reports was chosen.
 */
export class AssayCompare extends LitElement {
  static override styles = [controls, styles];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @property({ attribute: "report-id" })
  accessor reportId = "";
  @property({ attribute: "other-id" })
  accessor otherId = "";
  @state()
  accessor onlyDifferences = true;

  readonly #comparing = new Task(this, {
    args: () => [this.client, this.reportId, this.otherId] as const,
    task: async ([client, a, b], { signal }) => {
      if (!client || !a || !b) return null;
      const path = `/api/v1/reports/${encodeURIComponent(a)}/compare/${encodeURIComponent(b)}`;
      return await client.json<ReportComparison>(path, { signal });
    },
  });

  override render() {
    return this.#comparing.render({
      initial: () => null,
      pending: () => renderPending("the comparison"),
      error: (cause) => renderFailure(cause, "report", this.#onAgain),
      complete: (comparison) => comparison && this.#renderComparison(comparison),
    });
  }

  #renderComparison(comparison: ReportComparison) {
    const parts = partsOf(comparison).map(({ title, rows }) => ({
      title,
      rows: this.onlyDifferences ? rows.filter(({ differs }) => differs) : rows,
    })).filter(({ rows }) => rows.length > 0);
    return html`
      <div class="sides">${this.#renderSide("A", comparison.a, comparison.verdict.a)}${this.#renderSide(
        "B",
        comparison.b,
        comparison.verdict.b,
      )}</div>
      <div class="bar">
        <span role="status">${tellLikeness(comparison)}</span>
        <label><input type="checkbox" .checked=${this.onlyDifferences} @change=${this.#onOnlyChange} />
          Only differences</label>
      </div>
      ${parts.map((part) => this.#renderPart(part))}
      ${comparison.limits.length > 0
        ? html`<p class="quiet">Left out by limits: ${comparison.limits.map(showText).join("; ")}</p>`
        : null}
    `;
  }

  #renderSide(letter: string, head: ReportComparison["a"], verdict: ReportComparison["verdict"]["a"]) {
    const shown = showText(head.name ?? head.sha256);
    return html`
      <div class="side">
        <span class="letter">${letter}</span>
        <assay-verdict level=${verdict.level} .score=${verdict.score}></assay-verdict>
        <p><button class="link" data-report=${head.id} @click=${this.#onReportClick}>${shown}</button></p>
        <p class="quiet">${head.fileType}, ${formatSize(head.size)}, revision ${head.revision}, ${formatTime(
          head.finished,
        )}</p>
        <p class="mono">${head.sha256}</p>
      </div>
    `;
  }

  #renderPart({ title, rows }: ComparedPart) {
    return html`
      <section>
        <h2>${title}</h2>
        <div class="scroll" tabindex="0" role="region" aria-label=${title}>
          <table>
            <thead>
              <tr>
                <th scope="col">What</th>
                <th scope="col">A</th>
                <th scope="col">B</th>
              </tr>
            </thead>
            <tbody>${rows.map((row) => this.#renderRow(row))}</tbody>
          </table>
        </div>
      </section>
    `;
  }

  #renderRow({ what, a, b, differs, field }: ComparedRow) {
    const cells = (values: readonly string[]) =>
      values.map((value) => html`<div class="mono">${showCompared(value, field)}</div>`);
    return html`
      <tr class=${differs ? "differs" : ""}>
        <td>${showText(what)}</td>
        <td class="a">${cells(a)}</td>
        <td class="b">${cells(b)}</td>
      </tr>
    `;
  }

  readonly #onAgain = () => void this.#comparing.run();

  #onOnlyChange(event: Event): void {
    this.onlyDifferences = (event.target as HTMLInputElement).checked;
  }

  #onReportClick(event: Event): void {
    const { report } = (event.currentTarget as HTMLElement).dataset;
    this.dispatchEvent(new AssayNavigateEvent("report", report!));
  }
}

/** How alike the two are, in words. */
function tellLikeness({ same, sameSample, similarity }: ReportComparison): string {
  const told = [
    same ? "Nothing differs" : sameSample ? "Two reports of one file" : "Two files",
    similarity.ssdeep === null || sameSample ? null : `ssdeep score ${similarity.ssdeep} of 100`,
    similarity.tlsh === null || sameSample ? null : `TLSH distance ${similarity.tlsh}`,
  ];
  return told.filter((part) => part !== null).join("; ");
}
