import { css, html, LitElement } from "lit";
import { property } from "lit/decorators.js";
import { AssayKeyGivenEvent } from "../../events/events.ts";
import { controls } from "../../tokens/tokens.ts";

/**
 * Asks for an API key. Keeps nothing.
 *
 * @element assay-sign-in
 * @attr message - Why it is asked for again, e.g. that the key has expired.
 * @fires assay-key-given
 */
export class AssaySignIn extends LitElement {
  static override styles = [
    controls,
    css`
      form {
        display: grid;
        gap: 0.9rem;
        max-width: 30rem;
        margin: 12vh auto 0;
        padding: 1.5rem;
        background: var(--_surface-raised);
        border: 1px solid var(--_border);
        border-radius: var(--_radius);
      }
      button {
        justify-self: start;
      }
      p {
        margin: 0;
      }
    `,
  ];

  @property()
  accessor message = "";

  override render() {
    return html`
      <form @submit=${this.#onSubmit}>
        <h2>Sign in</h2>
        ${this.message ? html`<p class="error" role="alert">${this.message}</p>` : null}
        <label>API key<input name="key" type="password" autocomplete="off" required placeholder="assay_…" /></label>
        <p class="quiet">
          The first administrator's key is in the file <span class="mono">admin.key</span> of the data folder; <span
            class="mono">deno task up</span> prints where. The key stays in this tab.
        </p>
        <button class="primary">Sign in</button>
      </form>
    `;
  }

  #onSubmit(event: SubmitEvent): void {
    event.preventDefault();
    const key = new FormData(event.target as HTMLFormElement).get("key");
    this.dispatchEvent(new AssayKeyGivenEvent(String(key).trim()));
  }
}
