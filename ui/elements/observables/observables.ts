import { consume } from "@lit/context";
import { html, LitElement, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import type { CountedValue, ObservablesAnswer } from "../../answers.ts";
import { type Client, clientContext } from "../../controllers/client.ts";
import { Pages } from "../../controllers/pages.ts";
import { messageOf } from "../../controllers/search.ts";
import { AssayPivotEvent } from "../../events/events.ts";
import { renderFailure, renderPending } from "../../states.ts";
import { defang, isLive, showText } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";
import { styles } from "../observable/observable.styles.ts";

/**
 * Every value that a sample's newest report found, and in how many other samples it is; the rarest first.
 *
 * @element assay-observables
 * @attr sha256 - The sample.
 * @fires assay-pivot - Somebody goes on from a value; `where` by its number.
 */
export class AssayObservables extends LitElement {
  static override styles = [controls, styles];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @property()
  accessor sha256 = "";
  @state()
  accessor sharedOnly = true;

  readonly #values = new Pages<CountedValue, ObservablesAnswer>(this);

  override willUpdate(_: PropertyValues<this>): void {
    const path = `/api/v1/samples/${this.sha256}/observables?size=50${this.sharedOnly ? "&least=1" : ""}`;
    this.#values.follow(this.client, this.sha256 ? path : null);
  }

  override render() {
    return html`
      <form>
        <label><input type="checkbox" .checked=${this.sharedOnly} @change=${this.#onSharedChange} />
          Only what others have too</label>
      </form>
      ${this.#renderState()}
    `;
  }

  #renderState() {
    const { state } = this.#values;
    if (state.kind === "error") return renderFailure(state.cause, "sample", this.#onAgain);
    if (state.kind !== "complete") return renderPending("values");
    const { total, cursor, limits } = state.page;
    if (state.items.length === 0) {
      return html`<p class="empty" role="status">${
        this.sharedOnly ? "No other sample shares a value with it." : "Its report found no values."
      }</p>`;
    }
    return html`
      <p class="quiet" role="status">${state.items.length} of ${total} values${limits.length > 0
        ? `; ${limits.map(showText).join("; ")}`
        : ""}</p>
      <div class="scroll" tabindex="0" role="region" aria-label="Values and where else they are">
        <table class="counted">
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">Value</th>
              <th scope="col" class="number">Other samples</th>
            </tr>
          </thead>
          <tbody>${state.items.map((item) => this.#renderValue(item))}</tbody>
        </table>
      </div>
      ${state.cause ? html`<p class="error" role="alert">${messageOf(state.cause)}</p>` : null}
      ${cursor
        ? html`<button class="more" ?disabled=${state.loading} @click=${this.#onMoreClick}>Show more</button>`
        : null}
    `;
  }

  #renderValue({ field, value, samples }: CountedValue) {
    const text = String(value);
    const shown = showText(isLive(field) ? defang(text) : text);
    return html`
      <tr>
        <td class="quiet">${field}</td>
        <td>
          <assay-pivot field=${field} value=${text}><span class="mono">${shown}</span></assay-pivot>
        </td>
        <td class="number">${samples === null || samples === 0 ? samples ?? "not counted" : html`
          <button class="link" data-field=${field} data-value=${text}
            aria-label="${samples} other samples with ${shown.slice(0, 120)}" @click=${this
              .#onCountClick}>${samples}</button>
        `}</td>
      </tr>
    `;
  }

  readonly #onAgain = () => void this.#values.refresh();

  #onMoreClick(): void {
    void this.#values.more();
  }

  #onSharedChange(event: Event): void {
    this.sharedOnly = (event.target as HTMLInputElement).checked;
  }

  #onCountClick(event: Event): void {
    const { field, value } = (event.currentTarget as HTMLElement).dataset;
    this.dispatchEvent(new AssayPivotEvent("where", field!, value!));
  }
}
