import type { SampleTag, TagChange } from "@assay/core";
import { consume } from "@lit/context";
import { html, LitElement, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { type Client, clientContext } from "../../controllers/client.ts";
import { Pages } from "../../controllers/pages.ts";
import { messageOf } from "../../controllers/search.ts";
import { WhoAsks } from "../../controllers/who-asks.ts";
import { AssayAnnotatedEvent } from "../../events/events.ts";
import { renderFailure, renderPending } from "../../states.ts";
import { formatTime, showText } from "../../text.ts";
import { renderTlpOptions } from "../../tlp.ts";
import { controls } from "../../tokens/tokens.ts";
import { styles } from "./tags.styles.ts";

/** Tags suggested at once. */
const MOST_SUGGESTIONS = 20;

/**
 * Tags that analysts gave a sample: add with suggestions, take off, level, who and when. Without the scope `annotate` it
 * only reads.
 *
 * @element assay-tags
 * @attr sha256 - The sample.
 * @fires assay-annotated - A tag was given or taken off.
 * @fires assay-pivot - Somebody goes on from a tag.
 */
export class AssayTags extends LitElement {
  static override styles = [controls, styles];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @property()
  accessor sha256 = "";
  @state()
  accessor busy = false;
  @state()
  accessor message = "";
  @state()
  accessor suggestions: readonly { readonly tag: string; readonly samples: number }[] = [];
  @state()
  accessor historyOpen = false;

  readonly #who = new WhoAsks(this);
  /** Its page has no cursor: the API gives all tags of a sample at once. */
  readonly #tags = new Pages<SampleTag>(this);
  readonly #history = new Pages<TagChange>(this);
  #asked = 0;

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("sha256")) this.message = "";
    this.#who.follow(this.client);
    this.#tags.follow(this.client, this.sha256 ? this.#path() : null);
    this.#history.follow(this.client, this.sha256 && this.historyOpen ? `${this.#path()}/history` : null);
  }

  override render() {
    const { state } = this.#tags;
    if (state.kind === "error") return renderFailure(state.cause, "sample", this.#onAgain);
    if (state.kind !== "complete") return renderPending("tags");
    return html`
      ${state.items.length === 0
        ? html`<p class="empty">No analyst has tagged it yet.</p>`
        : html`<ul aria-label="Tags">${state.items.map((tag) => this.#renderTag(tag))}</ul>`}
      ${this.message ? html`<p class="error" role="alert">${this.message}</p>` : null}
      ${this.#who.may("annotate") ? this.#renderForm() : null}
      <details @toggle=${this.#onHistoryToggle}>
        <summary>Who and when</summary>
        ${this.historyOpen ? this.#renderHistory() : null}
      </details>
    `;
  }

  #renderTag({ tag, tlp, owner, author }: SampleTag) {
    const own = this.#who.may("annotate") && (owner === this.#who.key?.id || this.#who.may("admin"));
    return html`
      <li>
        <assay-pivot field="tag" value=${tag}>${showText(tag)}</assay-pivot>
        <small>TLP:${tlp.toUpperCase()}, ${showText(author)}</small>
        ${own
          ? html`
            <button data-tag=${tag} ?disabled=${this.busy} aria-label="Take off ${showText(tag)}"
              @click=${this.#onRemoveClick}>×</button>
          `
          : null}
      </li>
    `;
  }

  #renderForm() {
    return html`
      <form @submit=${this.#onFormSubmit}>
        <label>Add tags
          <input name="tags" list="known" required autocomplete="off" maxlength="500" placeholder="loader, case-7"
            @input=${this.#onTagsInput} @focus=${this.#onTagsInput} />
        </label>
        <datalist id="known">${this.suggestions.map(({ tag, samples }) =>
          html`<option value=${tag}>${samples} ${samples === 1 ? "sample" : "samples"}</option>`
        )}</datalist>
        <label>Level <select name="tlp">${renderTlpOptions("amber", this.#who.key?.maxTlp)}</select></label>
        <button ?disabled=${this.busy}>Add</button>
      </form>
    `;
  }

  #renderHistory() {
    const { state } = this.#history;
    if (state.kind === "error") return renderFailure(state.cause, "sample", this.#onHistoryAgain);
    if (state.kind !== "complete") return renderPending("changes");
    if (state.items.length === 0) return html`<p class="empty">Nothing was changed.</p>`;
    return html`
      <div class="scroll" tabindex="0" role="region" aria-label="Changes of tags">
        <table>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Who</th>
              <th scope="col">What</th>
              <th scope="col">Tag</th>
              <th scope="col">Level</th>
            </tr>
          </thead>
          <tbody>${state.items.map((change) =>
            html`
              <tr>
                <td class="quiet">${formatTime(change.at)}</td>
                <td>${showText(change.editor)}</td>
                <td>${change.action}</td>
                <td>${showText(change.tag)}</td>
                <td>TLP:${change.tlp.toUpperCase()}</td>
              </tr>
            `
          )}</tbody>
        </table>
      </div>
      ${state.cause ? html`<p class="error" role="alert">${messageOf(state.cause)}</p>` : null}
      ${state.page.cursor
        ? html`<button ?disabled=${state.loading} @click=${this.#onHistoryMoreClick}>Show earlier changes</button>`
        : null}
    `;
  }

  #path(): string {
    return `/api/v1/samples/${this.sha256}/tags`;
  }

  readonly #onAgain = () => void this.#tags.refresh();
  readonly #onHistoryAgain = () => void this.#history.refresh();

  #onHistoryMoreClick(): void {
    void this.#history.more();
  }

  #onHistoryToggle(event: Event): void {
    this.historyOpen = (event.target as HTMLDetailsElement).open;
  }

  /** Suggests for the last of the tags that are typed. */
  async #onTagsInput(event: Event): Promise<void> {
    const input = event.target as HTMLInputElement;
    const typed = input.value.split(",");
    const prefix = typed.pop()!.trim();
    const before = typed.map((tag) => `${tag.trim()}, `).join("");
    const turn = ++this.#asked;
    const query = new URLSearchParams({ prefix: prefix.slice(0, 64), size: String(MOST_SUGGESTIONS) });
    try {
      const { items } = await this.client!.json<{ items: { tag: string; samples: number }[] }>(
        `/api/v1/tags?${query}`,
      );
      if (turn !== this.#asked) return;
      this.suggestions = items.map(({ tag, samples }) => ({ tag: before + tag, samples }));
    } catch {
      this.suggestions = []; // tags can be typed without them
    }
  }

  async #onFormSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const given = new FormData(form);
    const tags = String(given.get("tags")).split(",").map((tag) => tag.trim()).filter((tag) => tag !== "");
    if (tags.length === 0) return;
    if (await this.#change("POST", "", { tags, tlp: String(given.get("tlp")) })) form.reset();
  }

  async #onRemoveClick(event: Event): Promise<void> {
    const { tag } = (event.currentTarget as HTMLElement).dataset;
    await this.#change("DELETE", `/${encodeURIComponent(tag!)}`);
  }

  async #change(method: string, path: string, body?: Record<string, unknown>): Promise<boolean> {
    if (!this.client || this.busy) return false;
    this.busy = true;
    this.message = "";
    try {
      await this.client.json(this.#path() + path, {
        method,
        ...body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } },
      });
    } catch (cause) {
      this.message = messageOf(cause);
      return false;
    } finally {
      this.busy = false;
    }
    await Promise.all([this.#tags.refresh(), this.historyOpen ? this.#history.refresh() : null]);
    this.dispatchEvent(new AssayAnnotatedEvent(this.sha256, "tag"));
    return true;
  }
}
