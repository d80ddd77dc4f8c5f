import { fields, findField, printQuery, type SearchTerms, spanClause } from "@assay/core";
import { consume } from "@lit/context";
import { Task } from "@lit/task";
import { html, LitElement, type PropertyValues } from "lit";
import { property, query, state } from "lit/decorators.js";
import { type Client, clientContext } from "../../controllers/client.ts";
import { ask, messageOf } from "../../controllers/search.ts";
import { AssayHistogramFieldEvent, AssaySearchEvent } from "../../events/events.ts";
import { everything, setRange } from "../../terms.ts";
import { formatSize } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";
import { styles } from "./histogram.styles.ts";
import type { Plot, PlotColours } from "./plot.ts";

type Measure = number | string;

interface Histogram {
  readonly field: string;
  readonly interval: string | null;
  readonly total: number;
  readonly without: number;
  readonly buckets: readonly {
    readonly from: Measure;
    readonly to: Measure;
    readonly count: number;
    readonly query: string;
  }[];
}

/** Bars from one to another, both with it. */
interface Span {
  readonly from: number;
  readonly to: number;
}

const BUCKETS = 48;
const measurable = fields.filter(({ type }) => type === "date" || type === "long" || type === "double").map((
  { name },
) => name);

/**
 * How a result is spread over time or a number. A span that is drawn over the bars, or chosen with arrows and Shift, narrows the search; the
 * same numbers stand in a table below. The plot's code is loaded when there is something to draw.
 *
 * @element assay-histogram
 * @fires assay-search - The search was narrowed to a span.
 * @fires assay-histogram-field - Another field is wanted.
 */
export class AssayHistogram extends LitElement {
  static override styles = [controls, styles];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @property({ attribute: false })
  accessor terms: SearchTerms = everything;
  @property()
  accessor field = "seen";
  /** The bars that are chosen or pointed at. */
  @state()
  accessor span: Span | null = null;
  /** Why there is a table only. */
  @state()
  accessor failure = "";
  @query("canvas")
  accessor canvas!: HTMLCanvasElement | null;

  #plot: Plot | null = null;
  #drawn: Histogram | null = null;
  /** Where a span began; null while none is drawn. */
  #anchor: number | null = null;
  readonly #dark = matchMedia("(prefers-color-scheme: dark)");

  readonly #counting = new Task(this, {
    args: () => [this.client, this.terms, this.field] as const,
    task: async ([client, terms, field], { signal }) => {
      if (!client) return null;
      const scale = findField(field)?.type === "long" ? "log" : "linear";
      const given = { field, buckets: BUCKETS, scale };
      return await ask<Histogram>(client, "/api/v1/search/histogram", terms, given, signal);
    },
  });

  override connectedCallback(): void {
    super.connectedCallback();
    this.#dark.addEventListener("change", this.#onColoursChange);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#dark.removeEventListener("change", this.#onColoursChange);
    this.#drop();
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("terms") || changed.has("field")) this.span = null;
  }

  override updated(changed: PropertyValues<this>): void {
    const histogram = this.#counting.value ?? null;
    if (this.canvas === null) this.#drop();
    else if (histogram !== this.#drawn) void this.#draw(histogram!);
    if (changed.has("span")) this.#plot?.choose(this.span);
  }

  override render() {
    return html`
      <header>
        <label>Over
          <select @change=${this.#onFieldChange}>${measurable.map((name) =>
            html`<option value=${name} ?selected=${name === this.field}>${name}</option>`
          )}</select>
        </label>
      </header>
      ${this.#counting.render({
        initial: () => null,
        pending: () =>
          this.#counting.value
            ? this.#renderHistogram(this.#counting.value)
            : html`<p class="empty">Counting…</p>`,
        error: (cause) => html`<p class="error" role="alert">${messageOf(cause)}</p>`,
        complete: (histogram) => histogram && this.#renderHistogram(histogram),
      })}
      ${(["bar", "chosen", "text", "grid"] as const).map((name) =>
        html`<span class=${name} data-colour=${name} hidden></span>`
      )}
    `;
  }

  #renderHistogram(histogram: Histogram) {
    const { buckets, without, field } = histogram;
    if (buckets.length === 0) return html`<p class="empty">No ${field} to count here.</p>`;
    return html`
      ${this.failure ? html`<p class="error" role="alert">${this.failure}</p>` : html`
        <div class="plot" tabindex="0" role="group" aria-label="Number over ${field}" aria-describedby="said keys"
          @keydown=${this.#onKeyDown} @pointerdown=${this.#onPointerDown} @pointermove=${this
            .#onPointerMove} @pointerup=${this.#onPointerUp}
          @pointerleave=${this.#onPointerLeave}>
          <canvas aria-hidden="true"></canvas>
        </div>
      `}
      <p id="said" class="said quiet" role="status">${this.#said(histogram)}</p>
      <span id="keys"
        hidden>Arrow keys go from bar to bar, with Shift they choose several, Enter narrows the search to them</span>
      <details>
        <summary>As a table</summary>
        <div class="table" tabindex="0" role="region" aria-label="Number over ${field}">
          <table>
            <thead>
              <tr><th scope="col">${field}</th><th scope="col" class="number">Number</th></tr>
            </thead>
            <tbody>${buckets.map(({ count }, at) =>
              html`
                <tr>
                  <td><button class="link" data-at=${at} @click=${this.#onBucketClick}>${labelOf(histogram, {
                    from: at,
                    to: at,
                  })}</button></td>
                  <td class="number">${count.toLocaleString("en")}</td>
                </tr>
              `
            )}</tbody>
          </table>
          ${without > 0 ? html`<p class="quiet">${without.toLocaleString("en")} without ${field}</p>` : null}
        </div>
      </details>
    `;
  }

  #said(histogram: Histogram): string {
    const { span } = this;
    if (span === null) return `Draw over the bars to narrow the search`;
    const count = histogram.buckets.slice(span.from, span.to + 1).reduce((sum, one) => sum + one.count, 0);
    return `${labelOf(histogram, span)}: ${count.toLocaleString("en")}`;
  }

  async #draw(histogram: Histogram): Promise<void> {
    this.#drawn = histogram;
    try {
      const { createPlot } = await import("./plot.ts");
      if (!this.isConnected || this.canvas === null || this.#drawn !== histogram) return;
      this.#plot ??= createPlot(this.canvas);
      this.#show(histogram);
    } catch (cause) {
      this.failure = `Cannot load the plot, the table holds the same: ${messageOf(cause)}`;
    }
  }

  #show(histogram: Histogram): void {
    const labels = histogram.buckets.map(({ from }) => showMeasure(histogram, from));
    this.#plot?.show({ labels, counts: histogram.buckets.map(({ count }) => count) }, this.#colours());
  }

  #drop(): void {
    this.#plot?.destroy();
    this.#plot = null;
    this.#drawn = null;
  }

  /** A canvas knows no variables: elements that wear the colours tell what they are. */
  #colours(): PlotColours {
    const colourOf = (name: keyof PlotColours) =>
      getComputedStyle(this.renderRoot.querySelector(`[data-colour=${name}]`)!).color;
    return {
      bar: colourOf("bar"),
      chosen: colourOf("chosen"),
      text: colourOf("text"),
      grid: colourOf("grid"),
    };
  }

  #narrow(span: Span): void {
    const { buckets, field } = this.#counting.value!;
    const [first, last] = [buckets[span.from], buckets[span.to]];
    if (first === undefined || last === undefined) return;
    const part = printQuery(spanClause(field, String(first.from), String(last.to)));
    this.dispatchEvent(new AssaySearchEvent(setRange(this.terms, field, part)));
  }

  #barAt(event: PointerEvent): number {
    return this.#plot!.barAt(event.clientX - this.canvas!.getBoundingClientRect().left);
  }

  readonly #onColoursChange = () => {
    if (this.#drawn) this.#show(this.#drawn);
  };

  #onFieldChange(event: Event): void {
    this.dispatchEvent(new AssayHistogramFieldEvent((event.target as HTMLSelectElement).value));
  }

  #onPointerDown(event: PointerEvent): void {
    if (this.#plot === null || event.button !== 0) return;
    this.#anchor = this.#barAt(event);
    this.span = { from: this.#anchor, to: this.#anchor };
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
  }

  #onPointerMove(event: PointerEvent): void {
    if (this.#plot === null) return;
    const at = this.#barAt(event);
    const from = this.#anchor ?? at;
    const { span } = this;
    const next = { from: Math.min(from, at), to: Math.max(from, at) };
    if (span?.from !== next.from || span.to !== next.to) this.span = next;
  }

  #onPointerUp(): void {
    if (this.#anchor === null || this.span === null) return;
    this.#anchor = null;
    this.#narrow(this.span);
  }

  #onPointerLeave(): void {
    if (this.#anchor === null) this.span = null;
  }

  #onKeyDown(event: KeyboardEvent): void {
    const last = this.#counting.value!.buckets.length - 1;
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step !== 0) {
      const { from, to } = this.span ?? { from: step > 0 ? -1 : last + 1, to: step > 0 ? -1 : last + 1 };
      const next = (at: number) => Math.max(0, Math.min(at + step, last));
      if (!event.shiftKey || this.span === null) {
        const at = next(step > 0 ? to : from);
        this.span = { from: at, to: at };
      } else this.span = step > 0 ? { from, to: next(to) } : { from: next(from), to };
    } else if (event.key === "Enter" && this.span !== null) this.#narrow(this.span);
    else if (event.key === "Escape" && this.span !== null) this.span = null;
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #onBucketClick(event: Event): void {
    const at = Number((event.currentTarget as HTMLElement).dataset["at"]);
    this.#narrow({ from: at, to: at });
  }
}

function labelOf(histogram: Histogram, { from, to }: Span): string {
  const [first, last] = [histogram.buckets[from]!, histogram.buckets[to]!];
  return `${showMeasure(histogram, first.from)} – ${showMeasure(histogram, last.to)}`;
}

/** An edge as people read it: dates as short as the buckets are wide, sizes with their unit. */
function showMeasure({ field, interval }: Histogram, value: Measure): string {
  if (typeof value === "number") {
    return field === "size" || field === "pe.overlay"
      ? formatSize(value)
      : String(Math.round(value * 100) / 100);
  }
  const unit = interval?.slice(-1);
  const length = unit === "y"
    ? 4
    : unit === "M"
    ? 7
    : unit === "d" || unit === "w"
    ? 10
    : unit === "s"
    ? 19
    : 16;
  return value.slice(0, length).replace("T", " ");
}
