import type { Note, NoteVersion, Tlp } from "@assay/core";
import { consume } from "@lit/context";
import { html, LitElement, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { type Client, clientContext, Problem } from "../../controllers/client.ts";
import { Pages } from "../../controllers/pages.ts";
import { messageOf } from "../../controllers/search.ts";
import { WhoAsks } from "../../controllers/who-asks.ts";
import { AssayAnnotatedEvent } from "../../events/events.ts";
import { renderFailure, renderPending } from "../../states.ts";
import { formatTime, showLines, showText } from "../../text.ts";
import { renderTlpOptions } from "../../tlp.ts";
import { controls } from "../../tokens/tokens.ts";
import { styles } from "./notes.styles.ts";

/** As long as the API takes them. */
const MOST_CHARACTERS = 16_384;

/**
 * What analysts wrote about a sample: read, write, change and delete, with undo, level, author and what each said before.
 * Without the scope `annotate` it only reads.
 *
 * @element assay-notes
 * @attr sha256 - The sample.
 * @fires assay-annotated - A note was written, changed or deleted.
 */
export class AssayNotes extends LitElement {
  static override styles = [controls, styles];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @property()
  accessor sha256 = "";
  @state()
  accessor editing = "";
  @state()
  accessor busy = false;
  @state()
  accessor message = "";
  @state()
  accessor deleted: Note | null = null;
  @state()
  accessor versions: { readonly id: string; readonly items: readonly NoteVersion[] } | null = null;

  readonly #who = new WhoAsks(this);
  readonly #notes = new Pages<Note>(this);

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("sha256")) {
      this.editing = this.message = "";
      this.deleted = this.versions = null;
    }
    this.#who.follow(this.client);
    this.#notes.follow(this.client, this.sha256 ? `/api/v1/samples/${this.sha256}/notes` : null);
  }

  override render() {
    return html`
      ${this.#who.may("annotate") ? this.#renderEditor(null) : null}
      ${this.message ? html`<p class="error" role="alert">${this.message}</p>` : null}
      <div role="status">${this.deleted
        ? html`<p class="undo">Note deleted. <button @click=${this.#onUndoClick}>Undo</button></p>`
        : null}</div>
      ${this.#renderState()}
    `;
  }

  #renderEditor(note: Note | null) {
    return html`
      <form data-note=${note?.id ?? ""} @submit=${this.#onFormSubmit}>
        <label>${note ? "Change the note" : "Write a note"}
          <textarea name="text" required maxlength=${MOST_CHARACTERS} .value=${note?.text ?? ""}
            @keydown=${this.#onTextKeyDown}></textarea>
        </label>
        <div class="row">
          <label>Level <select name="tlp">${renderTlpOptions(
            note?.tlp ?? "amber",
            this.#who.key?.maxTlp,
          )}</select></label>
          <button class="primary" ?disabled=${this.busy}>${note ? "Save" : "Write"}</button>
          ${note ? html`<button type="button" @click=${this.#onCancelClick}>Cancel</button>` : null}
        </div>
      </form>
    `;
  }

  #renderState() {
    const { state } = this.#notes;
    if (state.kind === "error") return renderFailure(state.cause, "sample", this.#onAgain);
    if (state.kind !== "complete") return renderPending("notes");
    if (state.items.length === 0) return html`<p class="empty">No notes yet.</p>`;
    return html`
      <ol aria-label="Notes">${state.items.map((note) => this.#renderNote(note))}</ol>
      ${state.cause ? html`<p class="error" role="alert">${messageOf(state.cause)}</p>` : null}
      ${state.page.cursor
        ? html`<button class="more" ?disabled=${state.loading} @click=${this.#onMoreClick}>Show earlier notes</button>`
        : null}
    `;
  }

  #renderNote(note: Note) {
    if (this.editing === note.id) return html`<li>${this.#renderEditor(note)}</li>`;
    const own = note.owner === this.#who.key?.id && this.#who.may("annotate");
    const button = (verb: string, text: string) =>
      html`
        <button data-note=${note.id} data-verb=${verb} ?disabled=${this.busy}
          @click=${this
            .#onVerbClick}>${text}</button>
      `;
    return html`
      <li>
        <div class="by">
          <strong>${showText(note.author)}</strong>
          <span>TLP:${note.tlp.toUpperCase()}</span>
          <span>${formatTime(note.created)}${note.edited ? `, edited ${formatTime(note.edited)}` : ""}</span>
          ${note.version > 1 ? button("versions", `${note.version} versions`) : null}
          ${own ? button("edit", "Edit") : null}
          ${own || this.#who.may("admin") ? button("delete", "Delete") : null}
        </div>
        <p class="text">${showLines(note.text)}</p>
        ${this.versions?.id === note.id ? this.#renderVersions(this.versions.items) : null}
      </li>
    `;
  }

  #renderVersions(versions: readonly NoteVersion[]) {
    return html`
      <ol class="versions" aria-label="What it said before">${versions.slice(1).map((one) =>
        html`
          <div role="listitem">
            <div class="by"><span>Version ${one.version}, ${formatTime(one.at)} by ${showText(one.editor)},
              TLP:${one.tlp.toUpperCase()}</span></div>
            <p class="text">${one.text === null ? "deleted" : showLines(one.text)}</p>
          </div>
        `
      )}</ol>
    `;
  }

  readonly #onAgain = () => void this.#notes.refresh();

  #onMoreClick(): void {
    void this.#notes.more();
  }

  #onCancelClick(): void {
    this.editing = "";
  }

  #onTextKeyDown(event: KeyboardEvent): void {
    const form = (event.target as HTMLTextAreaElement).form!;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    if (event.key === "Escape" && form.dataset["note"]) this.editing = "";
  }

  async #onFormSubmit(event: SubmitEvent): Promise<void> {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const given = new FormData(form);
    const [text, tlp] = [String(given.get("text")), String(given.get("tlp")) as Tlp];
    const note = this.#find(form.dataset["note"]);
    const done = note
      ? await this.#change("PUT", `/${note.id}`, { text, tlp, version: note.version })
      : await this.#change("POST", "", { text, tlp });
    if (!done) return;
    if (note) this.editing = "";
    else form.reset();
  }

  async #onVerbClick(event: Event): Promise<void> {
    const { note: id, verb } = (event.currentTarget as HTMLElement).dataset;
    const note = this.#find(id);
    if (!note) return;
    if (verb === "edit") return this.#edit(note);
    if (verb === "versions") return await this.#toggleVersions(note);
    if (await this.#change("DELETE", `/${note.id}`)) this.deleted = note;
  }

  async #onUndoClick(): Promise<void> {
    const note = this.deleted;
    if (note && await this.#change("POST", "", { text: note.text, tlp: note.tlp })) this.deleted = null;
  }

  #find(id: string | undefined): Note | undefined {
    const { state } = this.#notes;
    return state.kind === "complete" ? state.items.find((note) => note.id === id) : undefined;
  }

  async #edit(note: Note): Promise<void> {
    this.editing = note.id;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>("li textarea")?.focus();
  }

  async #toggleVersions({ id }: Note): Promise<void> {
    if (this.versions?.id === id) return void (this.versions = null);
    try {
      this.message = "";
      this.versions = {
        id,
        ...await this.client!.json<{ items: NoteVersion[] }>(`${this.#path()}/${id}/versions`),
      };
    } catch (cause) {
      this.message = messageOf(cause);
    }
  }

  #path(): string {
    return `/api/v1/samples/${this.sha256}/notes`;
  }

  /** Writes and reads the list anew; false where it was refused, with the reason shown. */
  async #change(method: string, path: string, body?: Record<string, unknown>): Promise<boolean> {
    if (!this.client || this.busy) return false;
    this.busy = true;
    this.message = "";
    this.deleted = null;
    try {
      await this.client.json(this.#path() + path, {
        method,
        ...body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } },
      });
    } catch (cause) {
      // What was typed stays: saved again, it replaces what somebody else wrote meanwhile, which stays as a version.
      this.message = messageOf(cause);
      if (cause instanceof Problem && cause.code === "changed-meanwhile") {
        this.message += ". What it says now is under its versions; save again to replace it.";
        await this.#notes.refresh();
      }
      return false;
    } finally {
      this.busy = false;
    }
    this.versions = null;
    await this.#notes.refresh();
    this.dispatchEvent(new AssayAnnotatedEvent(this.sha256, "note"));
    return true;
  }
}
