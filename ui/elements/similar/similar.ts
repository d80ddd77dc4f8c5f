import type { SimilarityMethod } from "@assay/core";
import { consume } from "@lit/context";
import { html, LitElement, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import type { CommonValue, SimilarAnswer, SimilarSample } from "../../answers.ts";
import { type Client, clientContext } from "../../controllers/client.ts";
import { Pages } from "../../controllers/pages.ts";
import { messageOf } from "../../controllers/search.ts";
import { AssayNavigateEvent } from "../../events/events.ts";
import { renderFailure, renderPending } from "../../states.ts";
import { formatSize, showText } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";
import { methodNames, renderEvidence, tellOutcome } from "./evidence.ts";
import { styles } from "./similar.styles.ts";

const methods = Object.keys(methodNames) as SimilarityMethod[];

/**
 * Samples that are like one, strongest evidence first: ssdeep score, TLSH distance, same imports, Rich header or sections.
 *
 * @element assay-similar
 * @attr sha256 - The sample.
 * @attr report-id - Its report; found samples can be compared with it then.
 * @fires assay-navigate - A sample's report, or a comparison with it, was chosen.
 * @fires assay-pivot - Somebody goes on from a shared value.
 */
export class AssaySimilar extends LitElement {
  static override styles = [controls, styles];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @property()
  accessor sha256 = "";
  @property({ attribute: "report-id" })
  accessor reportId = "";
  @state()
  accessor by: readonly SimilarityMethod[] = methods;
  @state()
  accessor minScore = 1;
  @state()
  accessor maxDistance = 50;

  readonly #found = new Pages<SimilarSample, SimilarAnswer>(this);

  override willUpdate(_: PropertyValues<this>): void {
    this.#found.follow(this.client, this.sha256 && this.by.length > 0 ? this.#path() : null);
  }

  #path(): string {
    const query = new URLSearchParams({
      by: this.by.join(","),
      minScore: String(this.minScore),
      maxDistance: String(this.maxDistance),
    });
    return `/api/v1/samples/${this.sha256}/similar?${query}`;
  }

  override render() {
    return html`
      <form @change=${this.#onFilterChange} @submit=${this.#onFilterSubmit}>
        <fieldset>
          <legend>By</legend>
          ${methods.map((method) =>
            html`<label><input type="checkbox" name="by" value=${method} .checked=${
              this.by.includes(method)
            } />${methodNames[method]}</label>`
          )}
        </fieldset>
        <label>ssdeep from <input type="number" name="minScore" min="1" max="100" .value=${String(
          this.minScore,
        )} />
        </label>
        <label>TLSH to <input type="number" name="maxDistance" min="0" max="150" .value=${String(
          this.maxDistance,
        )} /></label>
      </form>
      ${this.#renderState()}
    `;
  }

  #renderState() {
    if (this.by.length === 0) return html`<p class="empty">Choose what to compare by.</p>`;
    const { state } = this.#found;
    if (state.kind === "error") return renderFailure(state.cause, "sample", this.#onAgain);
    if (state.kind !== "complete") return renderPending("similar samples");
    const { page, items } = state;
    const outcomes = page.methods.map(tellOutcome).filter((told) => told !== null);
    return html`
      ${items.length === 0 ? html`<p class="empty" role="status">No sample is like it by these.</p>` : html`
        <p class="quiet" role="status">${items.length} of ${page.total} shown</p>
        <div class="scroll" tabindex="0" role="region" aria-label="Similar samples">${this.#renderTable(
          items,
        )}</div>
      `}
      ${state.cause ? html`<p class="error" role="alert">${messageOf(state.cause)}</p>` : null}
      ${page.cursor
        ? html`<button class="more" ?disabled=${state.loading} @click=${this.#onMoreClick}>Show more</button>`
        : null}
      ${page.methods.flatMap(({ common }) => common).map((value) => this.#renderCommon(value))}
      ${outcomes.length > 0
        ? html`<ul class="methods">${outcomes.map((told) => html`<li>${told}</li>`)}</ul>`
        : null}
    `;
  }

  #renderTable(items: readonly SimilarSample[]) {
    return html`
      <table>
        <thead>
          <tr>
            <th scope="col">Strength</th>
            <th scope="col">Verdict</th>
            <th scope="col">File</th>
            <th scope="col">Evidence</th>
            <th scope="col" class="wide">Type</th>
            <th scope="col" class="number wide">Size</th>
            ${this.reportId ? html`<th scope="col"><span class="quiet">Action</span></th>` : null}
          </tr>
        </thead>
        <tbody>${items.map((item) => this.#renderSample(item))}</tbody>
      </table>
    `;
  }

  #renderSample(
    { strength, verdict, score, name, sha256, evidence, fileType, size, reportId }: SimilarSample,
  ) {
    const shown = name === null ? `${sha256.slice(0, 16)}…` : showText(name);
    return html`
      <tr>
        <td class="strength"><meter max="100" .value=${strength} aria-label="Strength of ${shown}"></meter> ${Math
          .round(strength)}</td>
        <td><assay-verdict level=${verdict} .score=${score}></assay-verdict></td>
        <td class="name"><button class="link" data-report=${reportId} @click=${this
          .#onReportClick}>${shown}</button>
        </td>
        <td><ul>${evidence.map((one) => html`<li>${renderEvidence(one, fileType)}</li>`)}</ul></td>
        <td class="wide">${fileType}</td>
        <td class="number wide">${formatSize(size)}</td>
        ${this.reportId
          ? html`<td><button data-report=${reportId} aria-label="Compare with ${shown}" @click=${this.#onCompareClick}>Compare</button></td>`
          : null}
      </tr>
    `;
  }

  #renderCommon({ field, value, name, samples }: CommonValue) {
    const what = name === null ? `Its ${field}` : `Its section ${showText(name)}`;
    return html`<p class="quiet">${what} is in ${samples} samples, too many to list:
      <assay-pivot field=${field} value=${value}><span class="mono">${value}</span></assay-pivot></p>`;
  }

  readonly #onAgain = () => void this.#found.refresh();

  #onMoreClick(): void {
    void this.#found.more();
  }

  #onFilterSubmit(event: SubmitEvent): void {
    event.preventDefault();
  }

  #onFilterChange(event: Event): void {
    const form = event.currentTarget as HTMLFormElement;
    if (!form.checkValidity()) return void form.reportValidity();
    const given = new FormData(form);
    this.by = methods.filter((method) => given.getAll("by").includes(method));
    this.minScore = Number(given.get("minScore")) || 1;
    this.maxDistance = Number(given.get("maxDistance"));
  }

  #onReportClick(event: Event): void {
    const { report } = (event.currentTarget as HTMLElement).dataset;
    this.dispatchEvent(new AssayNavigateEvent("report", report!));
  }

  #onCompareClick(event: Event): void {
    const { report } = (event.currentTarget as HTMLElement).dataset;
    this.dispatchEvent(new AssayNavigateEvent("compare", this.reportId, report!));
  }
}
