import type { Milliseconds } from "@assay/core";

/**
 * Why a partner did not take what was sent. `away`: it can't be reached, is busy or is not to be asked now. `setup`: it doesn't let
 * us in, or there is nothing at that address. `broken`: it met what was sent and failed, or answered what nobody can read. `refused`: it
 * won't have it. Only the last two can be due to what was sent.
 */
export type PartnerFailure = "away" | "setup" | "broken" | "refused";

/** Thrown where a partner did not take what was sent; the message may be shown and holds no key. */
export class PartnerError extends Error {
  override readonly name = "PartnerError";
  readonly failure: PartnerFailure;
  /** How long it wants to be left alone; null where it didn't say. */
  readonly retryAfter: Milliseconds | null;

  constructor(
    failure: PartnerFailure,
    message: string,
    given: { retryAfter?: Milliseconds | null; cause?: unknown } = {},
  ) {
    super(message, "cause" in given ? { cause: given.cause } : undefined);
    this.failure = failure;
    this.retryAfter = given.retryAfter ?? null;
  }
}
