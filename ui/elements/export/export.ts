import { consume } from "@lit/context";
import { html, LitElement, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { type Client, clientContext } from "../../controllers/client.ts";
import { messageOf } from "../../controllers/search.ts";
import { saveBlob } from "../../controllers/save-file.ts";
import { AssayExportedEvent } from "../../events/events.ts";
import { formatSize, showLines } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";
import { styles } from "./export.styles.ts";
import { type ExportForm, exportForms } from "./forms.ts";
import { nameOf, receive } from "./receive.ts";

/** Characters of a text that are shown beforehand; all of it is saved. */
const MOST_SHOWN = 200_000;

/** What is under way. */
interface Running {
  readonly verb: "preview" | "download";
  readonly abort: AbortController;
  readonly received: number;
}

/** What is shown beforehand, and whether there is more of it. */
interface Shown {
  readonly form: ExportForm;
  readonly text: string;
  readonly cut: boolean;
}

/**
 * A report to take along: JSON, STIX 2.1, text, HTML, PDF, CSV, with a preview. Pages are shown in a frame in which nothing can run or
 * reach outside, everything else as text.
 *
 * @element assay-export
 * @attr report-id - The report.
 * @attr format - The form that is chosen: `json`, `stix`, `text`, `html`, `pdf`, `csv`.
 * @fires assay-exported - A file was given to the browser to keep.
 * @csspart preview - The frame or text of a preview.
 */
export class AssayExport extends LitElement {
  static override styles = [controls, styles];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @property({ attribute: "report-id" })
  accessor reportId = "";
  @property()
  accessor format = exportForms[0]!.name;
  @state()
  accessor profile: "default" | "misp" = "default";
  /** Null for what is usual of the form. */
  @state()
  accessor defang: boolean | null = null;
  @state()
  accessor running: Running | null = null;
  @state()
  accessor shown: Shown | null = null;
  @state()
  accessor message: { readonly text: string; readonly failed: boolean } | null = null;

  override willUpdate(changed: PropertyValues<this>): void {
    if (
      !changed.has("reportId") && !changed.has("format") && !changed.has("profile") && !changed.has("defang")
    ) return;
    this.running?.abort.abort();
    this.shown = null;
    this.message = null;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.running?.abort.abort();
  }

  override render() {
    const form = this.#form();
    return html`
      <fieldset @change=${this.#onFormatChange}>
        <legend>Form</legend>
        ${exportForms.map(({ name, title }) =>
          html`<label><input type="radio" name="format" value=${name} .checked=${
            name === form.name
          } />${title}</label>`
        )}
      </fieldset>
      <p class="quiet">${form.about}</p>
      <div class="row">
        ${form.profiles
          ? html`<label>For <select @change=${this.#onProfileChange}>
              <option value="default" ?selected=${this.profile === "default"}>the standard</option>
              <option value="misp" ?selected=${this.profile === "misp"}>MISP</option>
            </select></label>`
          : null}
        ${form.defang !== null
          ? html`<label><input type="checkbox" .checked=${
            this.defang ?? form.defang
          } @change=${this.#onDefangChange} />
              Defang addresses</label>`
          : null}
        <button class="primary" data-verb="download" ?disabled=${this.running !== null} @click=${this
          .#onVerbClick}>
          Download</button>
        ${form.preview === null ? null : html`
          <button data-verb="preview" ?disabled=${this.running !== null} @click=${this
            .#onVerbClick}>Preview</button>
        `}
      </div>
      ${this.running ? this.#renderRunning(this.running) : null}
      <div role="status">${this.message && !this.message.failed
        ? html`<p>${this.message.text}</p>`
        : null}</div>
      ${this.message?.failed ? html`<p class="error" role="alert">${this.message.text}</p>` : null}
      ${this.shown ? this.#renderShown(this.shown) : null}
    `;
  }

  #renderRunning({ received }: Running) {
    return html`
      <div class="row">
        <progress aria-label="Export"></progress>
        <span>${received === 0 ? "Being made…" : formatSize(received)}</span>
        <button @click=${this.#onStopClick}>Stop</button>
      </div>
    `;
  }

  #renderShown({ form, text, cut }: Shown) {
    const more = cut
      ? html`<p class="quiet">The first ${MOST_SHOWN} characters; the file has all of it.</p>`
      : null;
    if (form.preview === "page") {
      return html`
        <iframe part="preview" sandbox="" referrerpolicy="no-referrer" title="Preview of the report"
          .srcdoc=${text}></iframe>
      `;
    }
    return html`${more}<pre part="preview" class="mono" tabindex="0" aria-label="Preview">${
      showLines(text)
    }</pre>`;
  }

  #form(): ExportForm {
    return exportForms.find(({ name }) => name === this.format) ?? exportForms[0]!;
  }

  #path(form: ExportForm): string {
    const query = new URLSearchParams({
      ...form.profiles && { profile: this.profile },
      ...form.defang !== null && this.defang !== null && { defang: String(this.defang) },
    });
    return `/api/v1/reports/${encodeURIComponent(this.reportId)}/export/${form.name}?${query}`;
  }

  async #onVerbClick(event: Event): Promise<void> {
    const verb = (event.currentTarget as HTMLElement).dataset["verb"] as Running["verb"];
    if (!this.client || !this.reportId || this.running) return;
    const form = this.#form();
    const abort = new AbortController();
    this.message = null;
    this.running = { verb, abort, received: 0 };
    try {
      const response = await this.client.request(this.#path(form), { signal: abort.signal });
      const blob = await receive(response, (received) => {
        this.running = this.running && { ...this.running, received };
      });
      if (abort.signal.aborted) return;
      if (verb === "preview") await this.#show(form, blob);
      else this.#save(blob, nameOf(response, `${this.reportId}.${form.extension}`));
    } catch (cause) {
      this.message = abort.signal.aborted
        ? { text: "Stopped.", failed: false }
        : { text: messageOf(cause), failed: true };
    } finally {
      this.running = null;
    }
  }

  async #show(form: ExportForm, blob: Blob): Promise<void> {
    const text = await blob.text();
    // A page is shown whole: cut markup would show something else.
    const cut = form.preview === "text" && text.length > MOST_SHOWN;
    this.shown = { form, text: cut ? text.slice(0, MOST_SHOWN) : text, cut };
  }

  #save(blob: Blob, name: string): void {
    saveBlob(blob, name);
    this.message = { text: `Saved ${name} (${formatSize(blob.size)}).`, failed: false };
    this.dispatchEvent(new AssayExportedEvent(this.reportId, this.#form().name, name, blob.size));
  }

  #onFormatChange(event: Event): void {
    this.format = (event.target as HTMLInputElement).value;
    this.defang = null;
  }

  #onProfileChange(event: Event): void {
    this.profile = (event.target as HTMLSelectElement).value as "default" | "misp";
  }

  #onDefangChange(event: Event): void {
    this.defang = (event.target as HTMLInputElement).checked;
  }

  #onStopClick(): void {
    this.running?.abort.abort();
  }
}
