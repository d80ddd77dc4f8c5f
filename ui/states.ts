import { html } from "lit";
import { Problem } from "./controllers/client.ts";
import { messageOf } from "./controllers/search.ts";

/** True where the API says that it is not there, or not for this key. */
export function isMissing(cause: unknown): boolean {
  return cause instanceof Problem && cause.status === 404;
}

/** What is drawn while an answer is awaited. */
export function renderPending(what: string) {
  return html`<p class="empty" role="status">Loading ${what}…</p>`;
}

/** What is drawn in place of an answer that didn't come; missing things can't be asked for again. */
export function renderFailure(cause: unknown, what: string, onAgain: () => void) {
  if (isMissing(cause)) {
    return html`<p class="error" role="alert">There is no such ${what}, or your key may not see it.</p>`;
  }
  return html`<p class="error" role="alert">${
    messageOf(cause)
  } <button @click=${onAgain}>Try again</button></p>`;
}
