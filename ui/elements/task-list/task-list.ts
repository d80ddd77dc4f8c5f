import type { Task } from "@assay/core";
import { consume } from "@lit/context";
import { css, html, LitElement, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import { type Client, clientContext } from "../../controllers/client.ts";
import { TaskFeed } from "../../controllers/task-feed.ts";
import { AssayNavigateEvent } from "../../events/events.ts";
import { formatSize, formatTime, showText } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";

const statuses = ["pending", "running", "complete", "failed", "cancelled"];

/**
 * The newest tasks, moving by themselves. A complete one opens its report; others can be cancelled or tried again.
 *
 * @element assay-task-list
 * @fires assay-navigate - A report was chosen.
 */
export class AssayTaskList extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
        container-type: inline-size;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: end;
        gap: 0.75rem;
        margin-bottom: 0.5rem;
      }
      h2 {
        flex: 1;
      }
      td:first-child {
        width: 8.5rem;
      }
      .name {
        overflow-wrap: anywhere;
      }
      .name small {
        display: block;
      }
      .more {
        margin-top: 0.75rem;
      }
      @container (max-width: 34rem) {
        .wide {
          display: none;
        }
      }
    `,
  ];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @state()
  accessor status = "";
  @state()
  accessor message = "";

  readonly #feed = new TaskFeed(this);

  override willUpdate(_: PropertyValues<this>): void {
    this.#feed.follow(this.client, this.status);
  }

  override render() {
    return html`
      <header>
        <h2>Analyses</h2>
        ${this.#feed.live || this.#feed.state.kind !== "complete"
          ? null
          : html`<span class="quiet">Reconnecting…</span>`}
        <label>Status
          <select @change=${this.#onStatusChange}>
            <option value="">all</option>
            ${statuses.map((status) => html`<option value=${status}>${status}</option>`)}
          </select>
        </label>
      </header>
      ${this.message ? html`<p class="error" role="alert">${this.message}</p>` : null}
      ${this.#renderState()}
    `;
  }

  #renderState() {
    const state = this.#feed.state;
    if (state.kind === "error") {
      return html`<p class="error" role="alert">${state.message} <button @click=${this.#onAgainClick}>Try again</button></p>`;
    }
    if (state.kind !== "complete") return html`<p class="empty">Loading…</p>`;
    if (state.tasks.length === 0) {
      return html`<p class="empty">${
        this.status ? `No task is ${this.status}.` : "Nothing yet. Drop a file to start."
      }</p>`;
    }
    return html`
      <table aria-label="Analyses">
        <thead>
          <tr>
            <th scope="col">Verdict</th>
            <th scope="col">File</th>
            <th scope="col" class="wide">Type</th>
            <th scope="col" class="number wide">Size</th>
            <th scope="col" class="wide">Submitted</th>
            <th scope="col"><span class="quiet">Action</span></th>
          </tr>
        </thead>
        <tbody>${state.tasks.map((task) => this.#renderTask(task))}</tbody>
      </table>
      ${state.cursor
        ? html`<button class="more" @click=${this.#onMoreClick}>Show earlier ones</button>`
        : null}
    `;
  }

  #renderTask(task: Task) {
    const name = task.name ? showText(task.name) : `${task.sha256.slice(0, 16)}…`;
    return html`
      <tr>
        <td>${task.status === "complete"
          ? html`<assay-verdict level=${task.verdict ?? "unknown"} .score=${task.score}></assay-verdict>`
          : html`<assay-verdict level=${task.status}></assay-verdict>`}</td>
        <td class="name">
          ${task.reportId
            ? html`<button class="link" data-report=${task.reportId} @click=${this.#onReportClick}>${name}</button>`
            : name}
          ${task.reason ? html`<small class="quiet">${showText(task.reason)}</small>` : null}
        </td>
        <td class="wide">${task.fileType ?? ""}</td>
        <td class="number wide">${formatSize(task.size)}</td>
        <td class="wide quiet">${formatTime(task.created)}</td>
        <td>${this.#renderAction(task)}</td>
      </tr>
    `;
  }

  #renderAction(task: Task) {
    const verb = task.status === "pending" || task.status === "running"
      ? "cancel"
      : task.status === "complete"
      ? null
      : "retry";
    if (verb === null) return null;
    return html`<button data-task=${task.id} data-verb=${verb} @click=${this.#onActionClick}>
      ${verb === "cancel" ? "Cancel" : "Try again"}</button>`;
  }

  #onStatusChange(event: Event): void {
    this.status = (event.target as HTMLSelectElement).value;
  }

  #onReportClick(event: Event): void {
    this.dispatchEvent(
      new AssayNavigateEvent("report", (event.currentTarget as HTMLElement).dataset.report!),
    );
  }

  async #onActionClick(event: Event): Promise<void> {
    const { task, verb } = (event.currentTarget as HTMLElement).dataset;
    try {
      this.message = "";
      await this.client?.json(`/api/v1/tasks/${task}/${verb}`, { method: "POST" });
      await this.#feed.refresh();
    } catch (cause) {
      this.message = cause instanceof Error ? cause.message : String(cause);
    }
  }

  #onAgainClick(): void {
    void this.#feed.refresh();
  }

  #onMoreClick(): void {
    void this.#feed.more();
  }
}
