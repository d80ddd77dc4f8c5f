import { consume } from "@lit/context";
import { html, LitElement, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import type { RelationNode } from "../../answers.ts";
import { type Client, clientContext } from "../../controllers/client.ts";
import { messageOf } from "../../controllers/search.ts";
import { AssayNavigateEvent, AssayPivotEvent } from "../../events/events.ts";
import { renderFailure, renderPending } from "../../states.ts";
import { showText } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";
import { labelOf, renderDrawing, tellCount } from "./drawing.ts";
import { type RelationGroup, type RelationKind, relationNames, RelationsGraph, sharedOnly } from "./graph.ts";
import { type Layout, layoutOf, nextOf } from "./layout.ts";
import { styles } from "./relations.styles.ts";

/**
 * What a sample is related to: files it came out of, with or that it contains, its submissions, and indicators that it shares with
 * others; as a drawing for keyboard and mouse, and as a table with the same in it.
 *
 * @element assay-relations
 * @attr sha256 - The sample.
 * @fires assay-navigate - A file was chosen.
 * @fires assay-pivot - An indicator or a submission was chosen.
 */
export class AssayRelations extends LitElement {
  static override styles = [controls, styles];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @property()
  accessor sha256 = "";
  @state()
  accessor view: "drawing" | "table" = "drawing";
  @state()
  accessor sharedOnly = true;
  @state()
  accessor current = 0;

  readonly #graph = new RelationsGraph(this);
  #layout: Layout | null = null;

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("sha256") || changed.has("sharedOnly")) this.current = 0;
    this.#graph.follow(this.client, this.sha256);
  }

  override render() {
    const { state } = this.#graph;
    if (state.kind === "error") return renderFailure(state.cause, "sample", this.#onAgain);
    if (state.kind !== "complete") return renderPending("relations");
    const groups = this.sharedOnly ? sharedOnly(state.groups) : state.groups;
    const empty = groups.every(({ nodes }) => nodes.length === 0);
    return html`
      <form class="bar">
        <fieldset @change=${this.#onViewChange}>
          <legend>Show as</legend>
          ${(["drawing", "table"] as const).map((view) =>
            html`<label><input type="radio" name="view" value=${view} .checked=${
              this.view === view
            } />${view}</label>`
          )}
        </fieldset>
        <label><input type="checkbox" .checked=${this.sharedOnly} @change=${this.#onSharedChange} />
          Leave out what nobody else has</label>
      </form>
      ${empty
        ? html`<p class="empty" role="status">Nothing is related to it as far as you may see.</p>`
        : this.view === "drawing"
        ? this.#renderDrawing(groups)
        : this.#renderTable(groups)}
      ${state.cause ? html`<p class="error" role="alert">${messageOf(state.cause)}</p>` : null}
      <div class="more">${state.groups.filter(({ cursor }) => cursor !== null).map((group) =>
        html`
          <button data-kind=${group.kind} ?disabled=${state.loading !== null}
            @click=${this.#onMoreClick}>More: ${relationNames[group.kind].toLowerCase()} (${group.nodes
              .length}${group.total === null ? "" : ` of ${group.total}`})</button>
        `
      )}</div>
      ${state.limits.length > 0 ? html`<p class="quiet">${state.limits.map(showText).join("; ")}</p>` : null}
    `;
  }

  #renderDrawing(groups: readonly RelationGroup[]) {
    this.#layout = layoutOf(groups);
    return renderDrawing(this.#layout, this.sha256, this.current, {
      onClick: this.#onDrawingClick,
      onKeyDown: this.#onDrawingKeyDown,
      onFocus: this.#onDrawingFocus,
    });
  }

  #renderTable(groups: readonly RelationGroup[]) {
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label="Relations">
        <table>
          <thead>
            <tr>
              <th scope="col">Relation</th>
              <th scope="col">What</th>
              <th scope="col">Verdict</th>
              <th scope="col">Elsewhere</th>
            </tr>
          </thead>
          <tbody>${groups.map(({ kind, nodes }) => nodes.map((node) => this.#renderRow(kind, node)))}</tbody>
        </table>
      </div>
    `;
  }

  #renderRow(kind: RelationKind, node: RelationNode) {
    return html`
      <tr>
        <td class="quiet">${relationNames[kind]}</td>
        <td>${this.#renderWhat(node)}</td>
        <td>${node.kind === "sample" && node.verdict
          ? html`<assay-verdict level=${node.verdict} .score=${node.score}></assay-verdict>`
          : null}</td>
        <td class="quiet">${tellCount(node)}</td>
      </tr>
    `;
  }

  #renderWhat(node: RelationNode) {
    const label = labelOf(node);
    if (node.kind === "sample") {
      return html`<button class="link" data-sha256=${node.sha256} @click=${this.#onSampleClick}>${label}</button>`;
    }
    const [field, value] = node.kind === "submission"
      ? ["submission", node.submissionId]
      : [node.field, node.value];
    return html`<assay-pivot field=${field} value=${value}><span class="mono">${label}</span></assay-pivot>`;
  }

  readonly #onAgain = () => void this.#graph.refresh();

  readonly #onDrawingFocus = (event: Event) => {
    const at = atOf(event);
    if (at !== null) this.current = at;
  };

  readonly #onDrawingClick = (event: Event) => {
    const at = atOf(event);
    if (at !== null) this.#open(at);
  };

  readonly #onDrawingKeyDown = (event: KeyboardEvent) => {
    const at = atOf(event);
    if (at === null || !this.#layout) return;
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      return this.#open(at);
    }
    const next = nextOf(this.#layout, at, event.key);
    if (next === null) return;
    event.preventDefault();
    this.current = next;
    this.renderRoot.querySelector<SVGElement>(`[data-at="${next}"]`)?.focus();
  };

  #open(at: number): void {
    const node = this.#layout?.nodes[at]?.node;
    if (node === undefined) return;
    this.dispatchEvent(
      node.kind === "sample"
        ? new AssayNavigateEvent("sample", node.sha256)
        : node.kind === "submission"
        ? new AssayPivotEvent("where", "submission", node.submissionId)
        : new AssayPivotEvent("where", node.field, node.value),
    );
  }

  #onViewChange(event: Event): void {
    this.view = (event.target as HTMLInputElement).value as "drawing" | "table";
  }

  #onSharedChange(event: Event): void {
    this.sharedOnly = (event.target as HTMLInputElement).checked;
  }

  #onMoreClick(event: Event): void {
    void this.#graph.more((event.currentTarget as HTMLElement).dataset["kind"] as RelationKind);
  }

  #onSampleClick(event: Event): void {
    const { sha256 } = (event.currentTarget as HTMLElement).dataset;
    this.dispatchEvent(new AssayNavigateEvent("sample", sha256!));
  }
}

/** Which node an event is about. */
function atOf(event: Event): number | null {
  const at = (event.target as Element).closest("[data-at]")?.getAttribute("data-at");
  return at === null || at === undefined ? null : Number(at);
}
