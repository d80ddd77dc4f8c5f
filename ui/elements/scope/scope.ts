import { provide } from "@lit/context";
import { css, html, LitElement, type PropertyValues } from "lit";
import { property } from "lit/decorators.js";
import { Client, clientContext, type TokenProvider } from "../../controllers/client.ts";
import { tokens } from "../../tokens/tokens.ts";

/**
 * Gives the elements inside it the API's address and a token, and the design tokens. Nothing is kept in storage.
 *
 * @element assay-scope
 * @attr api-base - The API's address; the page's own origin by default.
 * @prop tokenProvider - `({ reason, signal }) => Promise<{ token, expiresAt }>`; `expiresAt` in milliseconds since the epoch or null.
 */
export class AssayScope extends LitElement {
  static override styles = [
    tokens,
    css`
      :host {
        display: block;
        container-type: inline-size;
      }
    `,
  ];

  @property({ attribute: "api-base" })
  accessor apiBase = "";
  @property({ attribute: false })
  accessor tokenProvider: TokenProvider | null = null;
  @provide({ context: clientContext })
  @property({ attribute: false })
  accessor client: Client | null = null;

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("apiBase") && !changed.has("tokenProvider")) return;
    this.client = this.tokenProvider && new Client(this.apiBase, this.tokenProvider);
  }

  override render() {
    return html`<slot></slot>`;
  }
}
