import type { Collection, DeadObject } from "@assay/infra";

/** An object to push, as it was published. */
export interface PushItem {
  /** Where it was published. */
  readonly collection: Pick<Collection, "id" | "tlp">;
  readonly id: string;
  /** When it was published, to the microsecond. */
  readonly added: string;
  /** As JSON. */
  readonly content: string;
}

/** What became of a push: everything that isn't refused is there. */
export interface PushEnd {
  readonly refused: readonly DeadObject[];
  /** What the partner said, to be shown. */
  readonly detail: string;
}

/** A partner's server. */
export interface PartnerClient {
  /** What it says of itself, to be shown. @throws {PartnerError} where it can't be pushed to */
  test(signal: AbortSignal): Promise<string>;
  /** @throws {PartnerError} where not all of it can be told to be there or refused */
  push(items: readonly PushItem[], signal: AbortSignal): Promise<PushEnd>;
}
