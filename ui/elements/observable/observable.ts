import { valueTexts, wholeClause } from "@assay/core";
import { consume } from "@lit/context";
import { html, LitElement, type PropertyValues } from "lit";
import { property } from "lit/decorators.js";
import { type Client, clientContext } from "../../controllers/client.ts";
import { Pages } from "../../controllers/pages.ts";
import { messageOf, type SearchAnswer, type SearchHit } from "../../controllers/search.ts";
import { AssayNavigateEvent } from "../../events/events.ts";
import { renderFailure, renderPending } from "../../states.ts";
import { defang, formatTime, isLive, showText } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";
import { styles } from "./observable.styles.ts";

/**
 * "Where else": every sample that has a value, newest first.
 *
 * @element assay-observable
 * @attr field - A field of queries, e.g. `domain`, `pe.imphash`.
 * @attr value - The value as it is.
 * @fires assay-navigate - A sample's report was chosen.
 * @fires assay-pivot - Somebody goes on from the value.
 */
export class AssayObservable extends LitElement {
  static override styles = [controls, styles];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @property()
  accessor field = "";
  @property()
  accessor value = "";

  readonly #samples = new Pages<SearchHit, SearchAnswer>(this);

  override willUpdate(_: PropertyValues<this>): void {
    this.#samples.follow(this.client, this.#canBeAsked() ? this.#path() : null);
  }

  #canBeAsked(): boolean {
    return this.field !== "" && this.value !== "" && wholeClause(this.field, this.value) !== null;
  }

  #path(): string {
    return `/api/v1/search?${new URLSearchParams({
      q: valueTexts(this.field, this.value).include,
      sort: "-seen",
    })}`;
  }

  override render() {
    const shown = showText(isLive(this.field) ? defang(this.value) : this.value);
    return html`
      <p class="value"><span class="quiet">${this.field}</span>
        <assay-pivot field=${this.field} value=${this
          .value}><span class="mono">${shown}</span></assay-pivot></p>
      ${this.#renderState()}
    `;
  }

  #renderState() {
    if (!this.#canBeAsked()) {
      return html`<p class="empty">No query can ask for this value: it is not one of “${
        showText(this.field)
      }”, or too long.</p>`;
    }
    const { state } = this.#samples;
    if (state.kind === "error") return renderFailure(state.cause, "value", this.#onAgain);
    if (state.kind !== "complete") return renderPending("samples");
    const { total, cursor } = state.page;
    if (state.items.length === 0) {
      return html`<p class="empty" role="status">No sample that you may see has it.</p>`;
    }
    return html`
      <p class="quiet" role="status">${state.items.length} of ${total.exact ? "" : "more than "}${total
        .value} samples</p>
      <div class="scroll" tabindex="0" role="region" aria-label="Samples with it">
        <table>
          <thead>
            <tr>
              <th scope="col">Verdict</th>
              <th scope="col">File</th>
              <th scope="col" class="wide">Type</th>
              <th scope="col" class="wide">Seen</th>
            </tr>
          </thead>
          <tbody>${state.items.map((item) => this.#renderSample(item))}</tbody>
        </table>
      </div>
      ${state.cause ? html`<p class="error" role="alert">${messageOf(state.cause)}</p>` : null}
      ${cursor
        ? html`<button class="more" ?disabled=${state.loading} @click=${this.#onMoreClick}>Show more</button>`
        : null}
    `;
  }

  #renderSample({ verdict, score, name, sha256, fileType, seen, reportId }: SearchHit) {
    return html`
      <tr>
        <td>
          <assay-verdict level=${verdict} .score=${score}></assay-verdict>
        </td>
        <td class="name"><button class="link" data-report=${reportId} @click=${this
          .#onReportClick}>${name === null ? `${sha256.slice(0, 16)}…` : showText(name)}</button></td>
        <td class="wide">${fileType}</td>
        <td class="wide quiet">${formatTime(seen)}</td>
      </tr>
    `;
  }

  readonly #onAgain = () => void this.#samples.refresh();

  #onMoreClick(): void {
    void this.#samples.more();
  }

  #onReportClick(event: Event): void {
    const { report } = (event.currentTarget as HTMLElement).dataset;
    this.dispatchEvent(new AssayNavigateEvent("report", report!));
  }
}
