import { consume } from "@lit/context";
import { Task } from "@lit/task";
import { css, html, LitElement, type PropertyValues } from "lit";
import { property, state } from "lit/decorators.js";
import type { RelationsAnswer, SampleNode } from "../../answers.ts";
import { type Client, clientContext } from "../../controllers/client.ts";
import { messageOf } from "../../controllers/search.ts";
import { AssayNavigateEvent } from "../../events/events.ts";
import { Needle } from "../../mark.ts";
import { renderFailure, renderPending } from "../../states.ts";
import { showText } from "../../text.ts";
import { controls } from "../../tokens/tokens.ts";
import { groupsOf } from "../relations/graph.ts";

/** Files of one level asked for at once. */
const PAGE = 50;
/** Levels that can be opened: as deep as archives are unpacked, and more. */
const MOST_LEVELS = 20;

/**
 * Files that a sample contains or came out of, with their verdicts; each can be opened to see what is in it in turn.
 *
 * @element assay-tree
 * @attr sha256 - The sample.
 * @attr relation - `child` (what is in it) or `parent` (what it came out of).
 * @attr level - How deep this branch is; 1 for the first.
 * @prop needle - What is marked in names.
 * @fires assay-navigate - A file was chosen.
 */
export class AssayTree extends LitElement {
  static override styles = [
    controls,
    css`
      :host {
        display: block;
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li > div {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.2rem 0.6rem;
        padding-block: 0.2rem;
      }
      li assay-tree {
        margin-inline-start: 0.75rem;
        padding-inline-start: 0.9rem;
        border-inline-start: 1px solid var(--_border);
      }
      .toggle {
        width: 1.5rem;
        height: 1.5rem;
        padding: 0;
        border-color: transparent;
        line-height: 1;
      }
      .empty {
        padding: 0.2rem 0;
        text-align: start;
        font-size: 0.875rem;
      }
      mark {
        background: var(--assay-mark, light-dark(#ffe08a, #6b5200));
        color: inherit;
      }
    `,
  ];

  @consume({ context: clientContext, subscribe: true })
  @property({ attribute: false })
  accessor client: Client | null = null;
  @property()
  accessor sha256 = "";
  @property()
  accessor relation: "child" | "parent" = "child";
  @property({ type: Number })
  accessor level = 1;
  @property({ attribute: false })
  accessor needle = new Needle("");
  @state()
  accessor open: ReadonlySet<string> = new Set();
  @state()
  accessor files: readonly SampleNode[] = [];
  @state()
  accessor cursor: string | null = null;
  @state()
  accessor message = "";

  readonly #reading = new Task(this, {
    args: () => [this.client, this.sha256, this.relation] as const,
    task: async ([client, sha256], { signal }) => {
      this.files = [];
      if (client && sha256) await this.#read(client, null, signal);
      return null;
    },
  });

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("sha256")) this.open = new Set();
  }

  override render() {
    return this.#reading.render({
      initial: () => null,
      pending: () => renderPending("files"),
      error: (cause) => renderFailure(cause, "sample", this.#onAgain),
      complete: () => this.#renderFiles(),
    });
  }

  #renderFiles() {
    if (this.files.length === 0) {
      return html`<p class="empty">${
        this.relation === "child"
          ? "It contains no files that were extracted."
          : "It was extracted from no file."
      }</p>`;
    }
    return html`
      <ul aria-label=${this.relation === "child" ? "Contained files" : "Files it came out of"}>
        ${this.files.map((file) => this.#renderFile(file))}
      </ul>
      ${this.message ? html`<p class="error" role="alert">${this.message}</p>` : null}
      ${this.cursor ? html`<button @click=${this.#onMoreClick}>Show more files</button>` : null}
    `;
  }

  #renderFile({ sha256, label, verdict, score, fileType, reportId }: SampleNode) {
    const shown = showText(label);
    const open = this.open.has(sha256);
    const canOpen = reportId !== null && this.level < MOST_LEVELS;
    return html`
      <li>
        <div>
          ${canOpen
            ? html`
              <button class="toggle" data-sha256=${sha256} aria-expanded=${open} aria-label="${this
                  .relation === "child"
                ? "What is in"
                : "Where it came from:"} ${shown}"
                @click=${this.#onToggleClick}>${open ? "▾" : "▸"}</button>
            `
            : null}
          <assay-verdict level=${verdict ?? "pending"} .score=${score}></assay-verdict>
          <button class="link" data-sha256=${sha256} @click=${this.#onFileClick}>${this.needle.mark(
            shown,
            label,
          )}</button>
          <span class="quiet">${fileType ?? ""}</span>
        </div>
        ${open
          ? html`
            <assay-tree sha256=${sha256} relation=${this.relation} level=${this.level + 1}
              .needle=${this.needle}></assay-tree>
          `
          : null}
      </li>
    `;
  }

  async #read(client: Client, cursor: string | null, signal?: AbortSignal): Promise<void> {
    const query = new URLSearchParams({ kinds: this.relation, size: String(PAGE), ...cursor && { cursor } });
    const path = `/api/v1/samples/${this.sha256}/relations?${query}`;
    const answer = await client.json<RelationsAnswer>(path, signal ? { signal } : {});
    const nodes = groupsOf(answer, this.sha256).flatMap(({ nodes }) => nodes);
    this.files = [
      ...cursor ? this.files : [],
      ...nodes.filter((node): node is SampleNode => node.kind === "sample"),
    ];
    this.cursor = answer.kinds[0]?.cursor ?? null;
  }

  readonly #onAgain = () => void this.#reading.run();

  async #onMoreClick(): Promise<void> {
    try {
      this.message = "";
      await this.#read(this.client!, this.cursor);
    } catch (cause) {
      this.message = messageOf(cause);
    }
  }

  #onToggleClick(event: Event): void {
    const sha256 = (event.currentTarget as HTMLElement).dataset["sha256"]!;
    const open = new Set(this.open);
    if (!open.delete(sha256)) open.add(sha256);
    this.open = open;
  }

  #onFileClick(event: Event): void {
    const { sha256 } = (event.currentTarget as HTMLElement).dataset;
    this.dispatchEvent(new AssayNavigateEvent("sample", sha256!));
  }
}
