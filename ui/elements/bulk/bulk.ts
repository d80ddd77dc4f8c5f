import type { SampleList, SearchTerms } from "@assay/core";
import { consume } from "@lit/context";
import { Task } from "@lit/task";
import { html, LitElement } from "lit";
import { property, query, state } from "lit/decorators.js";
import { type Client, clientContext } from "../../controllers/client.ts";
import { type Job, JobWatch } from "../../controllers/job-watch.ts";
import { saveFile } from "../../controllers/save-file.ts";
import { messageOf, type PageOf, sendJson } from "../../controllers/search.ts";
import { WhoAsks } from "../../controllers/who-asks.ts";
import { AssayActedEvent } from "../../events/events.ts";
import { everything } from "../../terms.ts";
import { showText } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";
import { dialogs } from "../../tokens/dialog.ts";
import {
  type Action,
  type ActionKind,
  actions,
  fileOf,
  readOptions,
  renderOptions,
  resultOf,
} from "./actions.ts";
import { styles } from "./bulk.styles.ts";

/** Samples that the API takes by name in one action. */
const MOST_SELECTED = 1000;

/** What is asked for, and how many it would be done to: told before it is done. */
interface Counted {
  readonly kind: ActionKind;
  readonly body: Readonly<Record<string, unknown>>;
  readonly count: number;
}

/**
 * Does something to the selected samples or to all that a search finds: tag, untag, put on a list, analyse again, export, delete. It
 * is offered where the key may do it, counted first, done once the number is confirmed, and shown as a job that can be cancelled.
 *
 * @element assay-bulk
 * @fires assay-acted - A job is complete.
 */
export class AssayBulk extends LitElement {
  static override styles = [controls, dialogs, styles];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @property({ attribute: false })
  accessor terms: SearchTerms = everything;
  /** SHA-256 of the selected samples; none for all that the search finds. */
  @property({ attribute: false })
  accessor selected: readonly string[] = [];
  @state()
  accessor kind: ActionKind | null = null;
  @state()
  accessor counted: Counted | null = null;
  @state()
  accessor waiting = false;
  @state()
  accessor failure = "";
  /** Why the file of a job could not be saved. */
  @state()
  accessor unsaved = "";
  /** What the job that is shown was asked for with. */
  @state()
  accessor asked: Counted | null = null;
  @query("dialog")
  accessor dialog!: HTMLDialogElement;

  readonly #who = new WhoAsks(this);
  readonly #watch = new JobWatch(this);
  readonly #lists = new Task(this, {
    args: () => [this.kind?.action === "add-to-list" ? this.client : null] as const,
    task: async ([client], { signal }) =>
      client === null
        ? []
        : (await client.json<PageOf<SampleList>>("/api/v1/lists?size=100", { signal })).items,
  });

  override willUpdate(): void {
    this.#who.follow(this.client);
  }

  override render() {
    const count = this.selected.length;
    return html`
      <div class="actions" role="group" aria-label="Actions">
        <span class="quiet">${count > 0 ? `With ${count} selected:` : "With all of it:"}</span>
        ${actions.filter(({ scope }) => this.#who.may(scope)).map(({ action, label }) =>
          html`<button class=${
            action === "delete" ? "danger" : ""
          } data-action=${action} @click=${this.#onActionClick}>${label}</button>`
        )}
      </div>
      ${this.#renderJob()} ${this.#renderDialog()}
    `;
  }

  #renderJob() {
    const { job, failure, isOpen } = this.#watch;
    if (job === null) return failure ? html`<p class="error" role="alert">${failure}</p>` : null;
    return html`
      <div class="job">
        <p role="status">${sayJob(job)}</p>
        ${isOpen
          ? html`
            <progress max=${job.total ?? 1} .value=${job.total === null
              ? 0
              : job.done} aria-label="Progress"></progress>
            <button @click=${this.#onCancelJobClick}>Cancel</button>
          `
          : html`${
            job.status === "complete" && fileOf(job, this.asked!.body) !== null
              ? html`<button @click=${this.#onSaveClick}>Save the file</button>`
              : null
          }<button @click=${this.#onForgetClick}>Close</button>`}
      </div>
      ${failure || this.unsaved ? html`<p class="error" role="alert">${failure || this.unsaved}</p>` : null}
    `;
  }

  #renderDialog() {
    const { kind, counted } = this;
    const selected = this.selected.length;
    return html`
      <dialog aria-labelledby="title" @close=${this.#onClose}>
        <h2 id="title">${kind
          ? `${kind.verb}${selected > 0 ? " selected samples" : " all that is found"}`
          : ""}</h2>
        <form @submit=${this.#onSubmit} @input=${this.#onInput}>
          ${kind
            ? html`
              <p>${kind.about}</p>
              ${renderOptions(kind.action, this.#lists.value ?? [])}
            `
            : null}
          ${this.failure ? html`<p class="error" role="alert">${this.failure}</p>` : null}
          <p role="status">${counted
            ? html`This is about <strong>${this.#amount(counted.count)}</strong>.`
            : null}</p>
          <div class="buttons">
            <button type="button" @click=${this.#onCancelClick}>Cancel</button>
            ${counted === null
              ? html`<button class="primary" ?disabled=${this.waiting}>Count first</button>`
              : html`<button class="primary ${kind?.action === "delete" ? "danger" : ""}" ?disabled=${
                this.waiting || counted.count === 0
              }>${kind?.verb} ${this.#amount(counted.count)}</button>`}
          </div>
        </form>
      </dialog>
    `;
  }

  #amount(count: number): string {
    const what = this.selected.length > 0 || this.terms.scope === "samples" ? "sample" : "report";
    return `${count.toLocaleString("en")} ${count === 1 ? what : `${what}s`}`;
  }

  /** What the action is done to. */
  #target(): Record<string, unknown> {
    const { q, mode, scope } = this.terms;
    return this.selected.length > 0 ? { sha256s: this.selected } : { q, mode, scope };
  }

  async #send(
    { path }: ActionKind,
    body: Readonly<Record<string, unknown>>,
  ): Promise<{ count: number; jobId?: string; id?: string } | null> {
    if (!this.client || this.waiting) return null;
    this.waiting = true;
    this.failure = "";
    try {
      return await sendJson(this.client, "POST", path, body);
    } catch (cause) {
      this.failure = messageOf(cause);
      this.counted = null; // what was counted may hold no more
      return null;
    } finally {
      this.waiting = false;
    }
  }

  async #count(kind: ActionKind, body: Readonly<Record<string, unknown>>): Promise<void> {
    const answer = await this.#send(kind, { ...body, dryRun: true });
    if (answer) this.counted = { kind, body, count: answer.count };
  }

  async #act(counted: Counted): Promise<void> {
    const { kind, body, count } = counted;
    const answer = await this.#send(kind, { ...body, expected: count });
    const job = answer?.jobId ?? answer?.id;
    if (job === undefined) return;
    this.asked = counted;
    this.unsaved = "";
    this.dialog.close();
    await this.#watch.watch(this.client!, job);
    if (kind.changes && this.#watch.job?.status === "complete") this.dispatchEvent(new AssayActedEvent());
  }

  #onActionClick(event: Event): void {
    const action = (event.currentTarget as HTMLElement).dataset["action"] as Action;
    this.kind = actions.find((one) => one.action === action)!;
    this.counted = null;
    this.failure = this.selected.length > MOST_SELECTED
      ? `At most ${MOST_SELECTED} can be selected: narrow the search and do it to all that is found.`
      : "";
    if (this.client && action === "add-to-list") void this.#lists.run();
    void this.updateComplete.then(() => {
      this.renderRoot.querySelector("form")!.reset();
      this.dialog.showModal();
    });
  }

  /** Something else is asked for now. */
  #onInput(): void {
    this.counted = null;
  }

  #onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    if (this.counted) return void this.#act(this.counted);
    const { kind } = this;
    if (kind === null) return;
    const form = new FormData(event.target as HTMLFormElement);
    const named = kind.action === "reports" ? {} : { action: kind.action };
    void this.#count(kind, { ...named, ...this.#target(), ...readOptions(kind.action, form) });
  }

  #onCancelClick(): void {
    this.dialog.close();
  }

  #onClose(): void {
    this.counted = null;
  }

  #onCancelJobClick(): void {
    if (this.client) void this.#watch.cancel(this.client);
  }

  #onForgetClick(): void {
    this.#watch.forget();
  }

  async #onSaveClick(): Promise<void> {
    const { job } = this.#watch;
    const file = job && this.asked && fileOf(job, this.asked.body);
    if (!this.client || !file) return;
    this.unsaved = "";
    try {
      await saveFile(this.client, file.path, file.name);
    } catch (cause) {
      this.unsaved = messageOf(cause);
    }
  }
}

function sayJob({ kind, status, done, total, error, result }: Job): string {
  const { verb } = actions.find(({ job }) => job === kind) ?? { verb: kind };
  const far = total === null
    ? done.toLocaleString("en")
    : `${done.toLocaleString("en")} of ${total.toLocaleString("en")}`;
  switch (status) {
    case "pending":
      return `${verb}: waits for a worker…`;
    case "running":
      return `${verb}: ${far}…`;
    case "complete":
      return `${verb}: done, ${resultOf(result)}.`;
    case "cancelled":
      return `${verb}: cancelled after ${far}; what was done stays.`;
    case "failed":
      return `${verb}: failed after ${far}. ${showText(error ?? "")}`;
  }
}
