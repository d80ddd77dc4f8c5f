import type { FrameLimits, ImportOptions, Timestamp } from "@assay/core";
import type { FormOptions } from "../forms.ts";
import type { ModelInput } from "../model/build.ts";

/** What a renderer is asked to make. */
export interface RenderJob {
  readonly options: FormOptions;
  readonly input: ModelInput;
}

/** What a renderer is asked to make one document of. */
export interface RenderManyJob {
  readonly options: FormOptions;
  /** At least one. */
  readonly inputs: readonly ModelInput[];
}

/** What a renderer is asked to read: what a partner sent. Its end is made of an `ImportReading` as JSON. */
export interface ReadJob {
  readonly read: ImportOptions;
  readonly now: Timestamp;
  /** In base64. */
  readonly file: string;
}

/** To a renderer: one job a frame, as JSON in its blob. */
export interface ToRenderer {
  readonly type: "render";
}

/** From a renderer: first that it is ready, then an end for each job. */
export type FromRenderer =
  /** `missing`: why it can't make STIX; null where it can. */
  | { readonly type: "ready"; readonly missing: string | null }
  /** The form is its blob. */
  | { readonly type: "made" }
  /** Nothing can be made of what a partner sent; `detail` is for who sent it. */
  | { readonly type: "unreadable"; readonly detail: string }
  /** `too-large`: `detail` is how many bytes it would have; `failed`: what went wrong, for the log; `unavailable`: what is missing. */
  | { readonly type: "too-large" | "failed" | "unavailable"; readonly detail: string };

/** Of frames to a renderer: a report has some megabytes at most. */
export const TO_RENDERER: FrameLimits = { header: 1024, blobs: 256 * 1024 * 1024 };

/** Of frames from a renderer whose forms may have so many bytes. */
export function fromRenderer(maxBytes: number): FrameLimits {
  return { header: 64 * 1024, blobs: maxBytes };
}
