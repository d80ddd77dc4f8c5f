import type { KeyId } from "@assay/core";

/** Who adds to findings: the key that asks. */
export interface Annotator {
  readonly id: KeyId;
  readonly name: string;
}

/** Notes, and tags, that one key may have on one sample. */
export const MAX_ANNOTATIONS = 100;

/** Thrown where one key would have more notes or tags on one sample than {@link MAX_ANNOTATIONS}: nothing is changed. */
export class TooManyAnnotationsError extends Error {
  override readonly name = "TooManyAnnotationsError";

  constructor(what: "notes" | "tags") {
    super(`Cannot add: expected at most ${MAX_ANNOTATIONS} ${what} of one key on one sample`);
  }
}
