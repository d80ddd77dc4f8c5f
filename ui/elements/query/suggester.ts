import { type Completion, completionAt, hasValues, type SearchTerms, suggestAt } from "@assay/core";
import type { ReactiveController, ReactiveControllerHost } from "lit";
import type { Client } from "../../controllers/client.ts";

/** Something to put in the place of what is being typed. */
export interface Suggestion {
  readonly kind: "field" | "operator" | "value" | "bound";
  readonly text: string;
  readonly label: string;
  readonly description: string | null;
  /** Documents with that value. */
  readonly count: number | null;
}

/** What is typed, where, and in which search. */
export interface Typing extends Pick<SearchTerms, "scope" | "mode"> {
  readonly text: string;
  readonly at: number;
}

const MOST = 12;
/** Keys that are pressed closer together ask for values once. */
const GATHER = 120;
/** Longer texts are lists of hashes, where nothing is suggested. */
const MAX_LENGTH = 4000;

/** What may stand where the cursor is: fields, operators and bounds at once, values when the API has told them. */
export class Suggester implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #abort = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Drawn by the host, best first. */
  items: readonly Suggestion[] = [];
  /** What a suggestion replaces. */
  place = { start: 0, end: 0 };
  /** True while values are looked up. */
  pending = false;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.clear();
  }

  /** Suggests nothing, and forgets what was asked for. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
    this.items = [];
    this.pending = false;
    this.#host.requestUpdate();
  }

  /** Suggests for what is typed now. */
  suggest(client: Client | null, typing: Typing): void {
    this.clear();
    if (typing.text.length > MAX_LENGTH || typing.mode === "exact") return;
    const completion = completionAt(typing.text, typing.at, typing.mode);
    this.place = completion.place;
    this.items = suggestAt(completion, MOST).map((one) => ({ ...one, count: null }));
    if (!client || !wantsValues(completion)) return;
    this.pending = true;
    const abort = this.#abort = new AbortController();
    this.#timer = setTimeout(() => void this.#load(client, typing, abort.signal), GATHER);
  }

  async #load(client: Client, { text, at, scope, mode }: Typing, signal: AbortSignal): Promise<void> {
    const query = new URLSearchParams({ text, at: String(at), scope, mode, size: String(MOST) });
    try {
      const path = `/api/v1/search/suggestions?${query}`;
      const { items } = await client.json<{ items: readonly Suggestion[] }>(path, { signal });
      if (signal.aborted) return;
      this.items = items;
    } catch {
      if (signal.aborted) return; // typing goes on without values
    }
    this.pending = false;
    this.#host.requestUpdate();
  }
}

function wantsValues({ expects, field }: Completion): boolean {
  return expects.includes("value") && field !== null && hasValues(field);
}
