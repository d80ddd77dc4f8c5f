import { css, html, LitElement } from "lit";
import { property } from "lit/decorators.js";

/**
 * A verdict or a task's state as a pill: colour and word, never colour alone.
 *
 * @element assay-verdict
 * @attr level - malicious, suspicious, benign, unknown, or a task's status.
 * @attr score - 0 to 100; shown beside the word where it is above 0.
 */
export class AssayVerdict extends LitElement {
  static override styles = css`
    :host {
      display: inline-block;
    }
    span {
      --_tone: var(--_text-quiet);
      display: inline-flex;
      gap: 0.35rem;
      padding: 0 0.5rem;
      border: 1px solid color-mix(in srgb, var(--_tone) 45%, transparent);
      border-radius: 999px;
      color: var(--_tone);
      background: color-mix(in srgb, var(--_tone) 8%, transparent);
      font-size: 0.8125rem;
      font-weight: 600;
      line-height: 1.4rem;
      white-space: nowrap;
    }
    .malicious,
    .failed,
    .error,
    .timeout {
      --_tone: var(--_malicious);
    }
    .suspicious {
      --_tone: var(--_suspicious);
    }
    .benign,
    .ok {
      --_tone: var(--_benign);
    }
    .running,
    .pending {
      --_tone: var(--_accent);
    }
    b {
      font-variant-numeric: tabular-nums;
    }
  `;

  @property()
  accessor level = "unknown";
  @property({ type: Number })
  accessor score: number | null = null;

  override render() {
    return html`<span class=${this.level}>${this.level}${
      this.score ? html`<b>${this.score}</b>` : null
    }</span>`;
  }
}
