import type { Milliseconds } from "@assay/core";
import { shown } from "../model/shown.ts";
import { PartnerError, type PartnerFailure } from "./error.ts";

/** How a partner is asked. */
export interface AskOptions {
  /** Headers that let us in; what they hold is never told. */
  readonly credentials: Readonly<Record<string, string>>;
  /** Words that answers may repeat and that are never told: the key, and what is made of it. */
  readonly secrets: readonly string[];
  /** For the whole answer. */
  readonly timeout: Milliseconds;
  /** Of one answer, in bytes. */
  readonly maxAnswer: number;
}

/** What a partner answered. */
export interface Answer {
  readonly status: number;
  /** The body as JSON; undefined where it is none. */
  readonly body: unknown;
  /** Its beginning, safe to show. */
  readonly text: string;
}

/** Asks a partner's server; relative paths are of its base. */
export type Ask = (path: string, init: RequestInit, signal: AbortSignal) => Promise<Answer>;

const SECOND = 1000;
/** The longest that a partner may ask to be left alone. */
const LONGEST_WAIT: Milliseconds = 3600 * SECOND;

/**
 * Asks a partner, whose answers may be anything: bounded in time and size, and no redirect is followed, so that nothing is sent to
 * elsewhere. @throws {PartnerError} where there is no answer within bounds
 */
export function createAsk(base: string, { credentials, secrets, timeout, maxAnswer }: AskOptions): Ask {
  const root = new URL(base.endsWith("/") ? base : `${base}/`);
  const hide = (text: string) =>
    secrets.filter((secret) => secret !== "").reduce((left, secret) => left.replaceAll(secret, "***"), text);

  return async (path, init, signal) => {
    const late = AbortSignal.timeout(timeout);
    try {
      const response = await fetch(new URL(path, root), {
        ...init,
        headers: { ...Object.fromEntries(new Headers(init.headers)), ...credentials },
        redirect: "manual",
        signal: AbortSignal.any([signal, late]),
      });
      const bytes = await readBounded(response, maxAnswer);
      const whole = new TextDecoder().decode(bytes);
      const text = shown(hide(whole.slice(0, 10_000)), 300);
      const { status } = response;
      if (status >= 200 && status < 300) return { status, body: parse(whole), text };
      throw refusal(status, parse(whole), text, waitOf(response.headers));
    } catch (cause) {
      if (cause instanceof PartnerError) throw cause;
      signal.throwIfAborted();
      if (late.aborted) {
        throw new PartnerError("away", `Cannot ask: no answer within ${timeout} ms`, { cause });
      }
      const why = hide(cause instanceof Error ? cause.message : String(cause));
      throw new PartnerError("away", `Cannot reach it: ${shown(why, 300)}`, { cause });
    }
  };
}

/** What the statuses of HTTP mean for what was sent. */
function failureOf(status: number): PartnerFailure {
  if ([400, 409, 413, 422].includes(status)) return "refused";
  if ([408, 425, 429, 502, 503, 504].includes(status)) return "away";
  return status >= 500 ? "broken" : "setup";
}

function refusal(status: number, body: unknown, text: string, retryAfter: Milliseconds | null): PartnerError {
  const failure = failureOf(status);
  const message = status >= 300 && status < 400
    ? `It sends us elsewhere (${status}), which is not followed: set the address that it really has`
    : `It answered ${status}: ${text}`;
  return new RefusedAnswerError(failure, message, { retryAfter }, body, status);
}

/** Carries what the partner answered, for those who know its words. */
export class RefusedAnswerError extends PartnerError {
  constructor(
    failure: PartnerFailure,
    message: string,
    given: { retryAfter: Milliseconds | null },
    readonly body: unknown,
    readonly status: number,
  ) {
    super(failure, message, given);
  }
}

/** `Retry-After` (RFC 9110, 10.2.3), in seconds or as a date, within bounds. */
function waitOf(headers: Headers): Milliseconds | null {
  const said = headers.get("retry-after");
  if (said === null) return null;
  const wait = /^\d{1,9}$/.test(said) ? Number(said) * SECOND : Date.parse(said) - Date.now();
  return Number.isNaN(wait) ? null : Math.min(Math.max(wait, SECOND), LONGEST_WAIT);
}

async function readBounded(response: Response, most: number): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop cancels the rest.
  for await (const piece of response.body ?? []) {
    size += piece.length;
    if (size > most) throw new PartnerError("broken", `Its answer is longer than ${most} bytes`);
    pieces.push(piece);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no JSON: whoever needs some says so
  }
}
