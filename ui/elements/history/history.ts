import { valueTexts } from "@assay/core";
import { consume } from "@lit/context";
import { Task } from "@lit/task";
import { css, html, LitElement, type PropertyValues } from "lit";
import { property } from "lit/decorators.js";
import type { SampleSummary } from "../../answers.ts";
import { type Client, clientContext } from "../../controllers/client.ts";
import { Pages } from "../../controllers/pages.ts";
import { messageOf, type SearchAnswer, type SearchHit } from "../../controllers/search.ts";
import { AssayNavigateEvent } from "../../events/events.ts";
import { renderFailure, renderPending } from "../../states.ts";
import { formatTime, showText } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";

/**
 * Every report of a sample, newest first, each to open or to compare with the one that is being read; and who handed
 * it in when, under which name, as far as the key may see.
 *
 * @element assay-history
 * @attr sha256 - The sample.
 * @attr report-id - The report that is being read.
 * @fires assay-navigate - A report, or a comparison with it, was chosen.
 * @fires assay-pivot - Somebody goes on from a name, a submitter or a submission.
 */
export class AssayHistory extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      h3 {
        margin: 1rem 0 0.25rem;
      }
      .scroll {
        overflow-x: auto;
      }
      table {
        min-width: 36rem;
      }
      td {
        overflow-wrap: anywhere;
      }
    `,
  ];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @property()
  accessor sha256 = "";
  @property({ attribute: "report-id" })
  accessor reportId = "";

  readonly #reports = new Pages<SearchHit, SearchAnswer>(this);
  readonly #sample = new Task(this, {
    args: () => [this.client, this.sha256] as const,
    task: async ([client, sha256], { signal }) =>
      client && sha256 ? await client.json<SampleSummary>(`/api/v1/samples/${sha256}`, { signal }) : null,
  });

  override willUpdate(_: PropertyValues<this>): void {
    const q = valueTexts("sha256", this.sha256).include;
    const path = `/api/v1/search?${new URLSearchParams({ q, scope: "reports", sort: "-seen", size: "20" })}`;
    this.#reports.follow(this.client, this.sha256 ? path : null);
  }

  override render() {
    return html`
      ${this.#renderReports()}
      ${this.#sample.render({
        initial: () => null,
        pending: () => renderPending("submissions"),
        error: (cause) => renderFailure(cause, "sample", this.#onSampleAgain),
        complete: (sample) => sample && this.#renderSample(sample),
      })}
    `;
  }

  #renderReports() {
    const { state } = this.#reports;
    if (state.kind === "error") return renderFailure(state.cause, "sample", this.#onReportsAgain);
    if (state.kind !== "complete") return renderPending("reports");
    return html`
      <h3>Reports of this file</h3>
      <div class="scroll" tabindex="0" role="region" aria-label="Reports of this file">
        <table>
          <thead>
            <tr>
              <th scope="col">Analysed</th>
              <th scope="col">Verdict</th>
              <th scope="col">Report</th>
              <th scope="col"><span class="quiet">Action</span></th>
            </tr>
          </thead>
          <tbody>${state.items.map((item) => this.#renderReport(item))}</tbody>
        </table>
      </div>
      ${state.cause ? html`<p class="error" role="alert">${messageOf(state.cause)}</p>` : null}
      ${state.page.cursor
        ? html`<button ?disabled=${state.loading} @click=${this.#onMoreClick}>Show earlier reports</button>`
        : null}
    `;
  }

  #renderReport({ reportId, seen, verdict, score }: SearchHit) {
    const current = reportId === this.reportId;
    return html`
      <tr>
        <td>${formatTime(seen)}</td>
        <td>
          <assay-verdict level=${verdict} .score=${score}></assay-verdict>
        </td>
        <td class="mono">${current
          ? html`${reportId} <span class="quiet">(this one)</span>`
          : html`<button class="link mono" data-report=${reportId} @click=${this.#onReportClick}>${reportId}</button>`}
        </td>
        <td>${current || !this.reportId ? null : html`
          <button data-report=${reportId} aria-label="Compare with report ${reportId}"
            @click=${this.#onCompareClick}>Compare</button>
        `}</td>
      </tr>
    `;
  }

  #renderSample({ submissions, firstSeen }: SampleSummary) {
    return html`
      <h3>Submissions</h3>
      <p class="quiet">First seen ${formatTime(firstSeen)}; ${submissions.length} that you may see.</p>
      <div class="scroll" tabindex="0" role="region" aria-label="Submissions of this file">
        <table>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Name</th>
              <th scope="col">By</th>
              <th scope="col">Level</th>
              <th scope="col">Submission</th>
            </tr>
          </thead>
          <tbody>${submissions.map((one) =>
            html`
              <tr>
                <td>${formatTime(one.seen)}</td>
                <td>${one.name === null
                  ? html`<span class="quiet">without a name</span>`
                  : html`<assay-pivot field="name" value=${one.name}>${
                    showText(one.name)
                  }</assay-pivot>`}</td>
                <td>
                  <assay-pivot field="submitter" value=${one.submitter}>${showText(
                    one.submitter,
                  )}</assay-pivot>
                </td>
                <td>TLP:${one.tlp.toUpperCase()}</td>
                <td>
                  <assay-pivot field="submission" value=${one.submissionId}><span class="mono">${one
                    .submissionId}</span></assay-pivot>
                </td>
              </tr>
            `
          )}</tbody>
        </table>
      </div>
    `;
  }

  readonly #onReportsAgain = () => void this.#reports.refresh();
  readonly #onSampleAgain = () => void this.#sample.run();

  #onMoreClick(): void {
    void this.#reports.more();
  }

  #onReportClick(event: Event): void {
    const { report } = (event.currentTarget as HTMLElement).dataset;
    this.dispatchEvent(new AssayNavigateEvent("report", report!));
  }

  #onCompareClick(event: Event): void {
    const { report } = (event.currentTarget as HTMLElement).dataset;
    this.dispatchEvent(new AssayNavigateEvent("compare", report!, this.reportId));
  }
}
