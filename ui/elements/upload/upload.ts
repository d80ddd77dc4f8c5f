import { consume } from "@lit/context";
import { css, html, LitElement } from "lit";
import { property, state } from "lit/decorators.js";
import { type Client, clientContext, Problem } from "../../controllers/client.ts";
import { AssaySubmittedEvent } from "../../events/events.ts";
import { formatSize, showText } from "../../text.ts";
import { renderTlpOptions } from "../../tlp.ts";
import { controls } from "../../tokens/tokens.ts";
import { send } from "./send.ts";

/**
 * Takes files by drop, by choice or by paste and submits them, with progress and a way to stop.
 *
 * @element assay-upload
 * @fires assay-submitted
 */
export class AssayUpload extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      .drop {
        display: grid;
        justify-items: center;
        gap: 0.25rem;
        padding: 1.75rem 1rem;
        text-align: center;
        font-size: 0.9375rem;
        border: 2px dashed var(--_border);
        border-radius: var(--_radius);
        background: var(--_surface-raised);
        cursor: pointer;
      }
      .drop strong {
        color: var(--_text);
        font-size: 1.0625rem;
      }
      .drop.over,
      .drop:hover {
        border-color: var(--_accent);
      }
      .drop:focus-within {
        outline: 2px solid var(--_accent);
        outline-offset: 2px;
      }
      .drop input {
        position: absolute;
        opacity: 0;
        pointer-events: none;
      }
      fieldset {
        border: 0;
        padding: 0;
        margin: 0.9rem 0 0;
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(9rem, 1fr));
        gap: 0.75rem;
      }
      .sending {
        display: grid;
        gap: 0.4rem;
        margin-top: 0.9rem;
      }
      .sending > div {
        display: flex;
        justify-content: space-between;
        align-items: center;
        gap: 1rem;
      }
      progress {
        width: 100%;
        accent-color: var(--_accent);
      }
      .error {
        margin-top: 0.9rem;
      }
    `,
  ];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @state()
  accessor over = false;
  @state()
  accessor sending: { what: string; share: number; abort: AbortController } | null = null;
  @state()
  accessor message: { text: string; failed: boolean } | null = null;

  override render() {
    return html`
      <label
        class="drop ${this.over ? "over" : ""}"
        @dragover=${this.#onDragOver}
        @dragleave=${this.#onDragLeave}
        @drop=${this.#onDrop}
      >
        <strong>Drop files here, or choose them</strong>
        <span>Any type; archives are unpacked. Files are analysed, never run.</span>
        <input type="file" multiple ?disabled=${this.sending !== null} @change=${this.#onFilesChange} />
      </label>
      <form @submit=${this.#onFormSubmit}>
        <fieldset>
          <label>TLP
            <select name="tlp">
              ${renderTlpOptions("amber")}
            </select>
          </label>
          <label>If seen before
            <select name="rescan">
              <option value="latest">Show the latest report</option>
              <option value="changed">Run what has changed</option>
              <option value="all">Run everything again</option>
            </select>
          </label>
          <label>Tags<input name="tags" placeholder="phishing, case-7" autocomplete="off" /></label>
          <label>Archive password<input name="password" autocomplete="off" maxlength="256" /></label>
        </fieldset>
      </form>
      ${this.sending
        ? html`
          <div class="sending">
            <div>
              <span>Sending ${this.sending.what}</span>
              <button @click=${this.#onStopClick}>Stop</button>
            </div>
            <progress max="1" .value=${this.sending.share} aria-label="Upload"></progress>
          </div>
        `
        : null}
      <div role="status">
        ${this.message
          ? html`<p class=${this.message.failed ? "error" : "quiet"}>${this.message.text}</p>`
          : null}
      </div>
    `;
  }

  /** Submits files with the options of the form. */
  async submit(files: readonly File[]): Promise<void> {
    if (files.length === 0 || !this.client || this.sending) return;
    const abort = new AbortController();
    const size = files.reduce((sum, file) => sum + file.size, 0);
    const what = files.length === 1 ? showText(files[0]!.name) : `${files.length} files`;
    this.message = null;
    this.sending = { what: `${what} (${formatSize(size)})`, share: 0, abort };
    try {
      const { id, tasks } = await send(this.client, files, this.#options(), {
        signal: abort.signal,
        onShare: (share) => this.sending = this.sending && { ...this.sending, share },
      });
      this.message = { text: `Submitted ${what}.`, failed: false };
      this.dispatchEvent(new AssaySubmittedEvent(id, tasks.map((task) => task.id)));
    } catch (cause) {
      this.message = abort.signal.aborted ? { text: "Stopped; nothing was submitted.", failed: false } : {
        text: cause instanceof Problem || cause instanceof Error ? cause.message : String(cause),
        failed: true,
      };
    } finally {
      this.sending = null;
    }
  }

  #options() {
    const form = new FormData(this.renderRoot.querySelector("form")!);
    const tags = String(form.get("tags")).split(",").map((tag) => tag.trim()).filter((tag) => tag !== "");
    const password = String(form.get("password"));
    return {
      priority: "interactive",
      tlp: String(form.get("tlp")),
      rescan: String(form.get("rescan")),
      ...(tags.length > 0 && { tags }),
      ...(password !== "" && { password }),
    };
  }

  #onFilesChange(event: Event): void {
    const input = event.target as HTMLInputElement;
    const files = [...input.files ?? []];
    input.value = "";
    void this.submit(files);
  }

  #onFormSubmit(event: SubmitEvent): void {
    event.preventDefault();
  }

  #onDragOver(event: DragEvent): void {
    event.preventDefault();
    this.over = true;
  }

  #onDragLeave(): void {
    this.over = false;
  }

  #onDrop(event: DragEvent): void {
    event.preventDefault();
    this.over = false;
    void this.submit([...event.dataTransfer?.files ?? []]);
  }

  #onStopClick(): void {
    this.sending?.abort.abort();
  }
}
