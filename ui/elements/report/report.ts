import type { Report } from "@assay/core";
import { consume } from "@lit/context";
import { Task as Fetching } from "@lit/task";
import { html, LitElement } from "lit";
import { property, state } from "lit/decorators.js";
import { type Client, clientContext, Problem } from "../../controllers/client.ts";
import { AssayNavigateEvent } from "../../events/events.ts";
import { formatSize, formatTime, showText } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";
import { renderFindings } from "./findings.ts";
import { renderModules } from "./modules.ts";
import { styles } from "./report.styles.ts";

/**
 * All content of one report: verdict with its reasons, identity, every module run, what they found, raw data.
 *
 * @element assay-report
 * @attr report-id - The report to show.
 * @fires assay-navigate - An extracted file was chosen.
 */
export class AssayReport extends LitElement {
  static override styles = [controls, styles];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @property({ attribute: "report-id" })
  accessor reportId = "";
  @state()
  accessor filter = "";
  @state()
  accessor message = "";

  readonly #fetching = new Fetching(this, {
    args: () => [this.client, this.reportId] as const,
    task: async ([client, id], { signal }) => {
      if (!client || !id) return null;
      return await client.json<Report>(`/api/v1/reports/${encodeURIComponent(id)}`, { signal });
    },
  });

  override render() {
    return this.#fetching.render({
      initial: () => null,
      pending: () => html`<p class="empty">Loading the report…</p>`,
      error: (cause) => this.#renderError(cause),
      complete: (report) => report && this.#renderReport(report),
    });
  }

  #renderError(cause: unknown) {
    if (cause instanceof Problem && cause.status === 404) {
      return html`<p class="error" role="alert">There is no such report, or your key may not see it.</p>`;
    }
    const message = cause instanceof Error ? cause.message : String(cause);
    return html`<p class="error" role="alert">${message} <button @click=${this.#onAgainClick}>Try again</button></p>`;
  }

  #renderReport(report: Report) {
    return html`
      <article>
        ${this.#renderHead(report)} ${this.#renderReasons(report)} ${this.#renderIdentity(report)}
        ${this.#renderChildren(report)} ${renderModules(report.modules)}
        <section>
          <header class="bar">
            <h2>Findings</h2>
            <label>Find in this report
              <input type="search" .value=${this.filter} @input=${this
                .#onFilterInput} placeholder="kernel32, http, .text" />
            </label>
          </header>
          ${renderFindings(report.modules, this.filter)}
        </section>
        ${report.limits.length > 0
          ? html`
            <section>
              <h2>Left out by limits</h2>
              <ul>${report.limits.map((l) => html`<li>${showText(l)}</li>`)}</ul>
            </section>
          `
          : null}
        <details>
          <summary>Raw report (JSON)</summary>
          <pre class="mono" tabindex="0" aria-label="Raw report">${showJson(report)}</pre>
        </details>
      </article>
    `;
  }

  #renderHead(report: Report) {
    const { verdict } = report;
    return html`
      <header class="head ${verdict.level}">
        <div>
          <span class="level">${verdict.level}</span>
          <span class="score">score ${verdict.score} of 100</span>
          <span class="tlp">TLP:${report.tlp.toUpperCase()}</span>
        </div>
        <h1>${showText(report.name ?? report.sha256)}</h1>
        <p>${showText(verdict.summary)}</p>
        <p class="actions">
          <button @click=${this.#onJsonClick}>Download JSON</button>
          <button @click=${this.#onSampleClick}>Download sample (zip, password infected)</button>
        </p>
        ${this.message ? html`<p class="error" role="alert">${this.message}</p>` : null}
      </header>
    `;
  }

  #renderReasons({ verdict }: Report) {
    if (verdict.reasons.length === 0) return null;
    return html`
      <section>
        <h2>Why</h2>
        <table>
          <thead>
            <tr>
              <th scope="col">Reason</th>
              <th scope="col">Seen</th>
              <th scope="col">ATT&amp;CK</th>
              <th scope="col" class="number">Score</th>
            </tr>
          </thead>
          <tbody>${verdict.reasons.map((reason) =>
            html`
              <tr>
                <td>${reason.title}<br /><small class="quiet">${reason.modules.join(", ")}</small></td>
                <td class="mono">${reason.evidence.map((e) => html`<div>${showText(e)}</div>`)}</td>
                <td>${reason.attack.join(", ")}</td>
                <td class="number">${reason.score}</td>
              </tr>
            `
          )}</tbody>
        </table>
      </section>
    `;
  }

  #renderIdentity(report: Report) {
    const { digests } = report;
    const names = {
      sha256: "SHA-256",
      sha1: "SHA-1",
      md5: "MD5",
      sha512: "SHA-512",
      ssdeep: "ssdeep",
      tlsh: "TLSH",
    };
    return html`
      <section>
        <h2>Identity</h2>
        <dl>
          <dt>Type</dt><dd>${report.fileType} <span class="quiet">${report.mime}</span></dd>
          ${report.magic
            ? html`
              <dt>libmagic</dt>
              <dd>${showText(report.magic)}</dd>
            `
            : null}
          <dt>Size</dt><dd>${formatSize(report.size)} <span class="quiet">(${report.size} bytes)</span></dd>
          ${Object.entries(names).map(([key, label]) => {
            const value = digests[key as keyof typeof names];
            return value
              ? html`
                <dt>${label}</dt>
                <dd>
                  <assay-hash value=${value} label=${label}></assay-hash>
                </dd>
              `
              : null;
          })}
          <dt>Submitted</dt><dd>${formatTime(report.submitted)} by ${showText(report.submitter)}</dd>
          <dt>Analysed</dt><dd>${formatTime(report.finished)}</dd>
          ${report.tags.length > 0
            ? html`
              <dt>Tags</dt>
              <dd>${report.tags.map(showText).join(", ")}</dd>
            `
            : null}
          ${Object.entries(report.metadata).map(([key, value]) =>
            html`
              <dt>${key}</dt>
              <dd>${showText(value)}</dd>
            `
          )}
        </dl>
      </section>
    `;
  }

  #renderChildren(report: Report) {
    if (!report.parent && report.children.length === 0) return null;
    return html`
      <section>
        <h2>Related files</h2>
        <ul class="files">
          ${report.parent
            ? html`<li>Extracted from <button class="link mono" data-kind="report" data-id=${report.parent.taskId}
                @click=${this.#onRelatedClick}>${report.parent.sha256}</button></li>`
            : null}
          ${report.children.map((child) =>
            html`<li><button class="link" data-kind="sample" data-id=${child.sha256} @click=${this.#onRelatedClick}>
              ${showText(child.name)}</button> <span class="quiet">${formatSize(child.size)}</span></li>`
          )}
        </ul>
      </section>
    `;
  }

  #onAgainClick(): void {
    void this.#fetching.run();
  }

  #onFilterInput(event: Event): void {
    this.filter = (event.target as HTMLInputElement).value;
  }

  #onRelatedClick(event: Event): void {
    const { kind, id } = (event.currentTarget as HTMLElement).dataset;
    this.dispatchEvent(new AssayNavigateEvent(kind as "report" | "sample", id!));
  }

  #onJsonClick(): void {
    void this.#download(`/api/v1/reports/${this.reportId}`, `${this.reportId}.json`);
  }

  #onSampleClick(): void {
    const sha256 = this.#fetching.value?.sha256;
    if (sha256) void this.#download(`/api/v1/samples/${sha256}/download?format=zip`, `${sha256}.zip`);
  }

  async #download(path: string, name: string): Promise<void> {
    try {
      this.message = "";
      const blob = await (await this.client!.request(path)).blob();
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    } catch (cause) {
      this.message = cause instanceof Error ? cause.message : String(cause);
    }
  }
}

/** Pretty JSON whose hostile characters show; line breaks of the layout stay. */
function showJson(report: Report): string {
  return JSON.stringify(report, null, 2).split("\n").map(showText).join("\n");
}
