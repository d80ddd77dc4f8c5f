import type { Sha256, Timestamp } from "@assay/core";
import type { Findings } from "../module/define.ts";
import type { CheckedFindings } from "./check.ts";

/** Findings as JSON text in UTF-8. */
export interface FindingsJson {
  readonly observations: Uint8Array;
  readonly raw: Uint8Array | null;
}

/** How one module ended on one sample. */
export type InlineEnd =
  & {
    readonly started: Timestamp | null;
    readonly durationMs: number;
  }
  & (
    | {
      readonly status: "ok";
      readonly findings: CheckedFindings;
      /** The same as JSON, as it came. */
      readonly json: FindingsJson;
      readonly attachment: { readonly name: string; readonly gzip: Uint8Array } | null;
    }
    | { readonly status: "nothing" }
    | { readonly status: "skipped" | "error" | "timeout" | "cancelled"; readonly reason: string }
  );

/** One sample's inline work. */
export interface InlineJob {
  readonly sha256: Sha256;
  readonly size: number;
  readonly name: string | null;
  readonly passwords: readonly string[];
  /** Modules to run, in order. */
  readonly modules: readonly string[];
  /** Findings known from before, for modules that require them. */
  readonly known: ReadonlyMap<string, Findings>;
  /** Goes before those that aren't. */
  readonly urgent: boolean;
  /** Once aborted, what hasn't started ends as cancelled. */
  readonly signal: AbortSignal;
  /** The sample's bytes; asked for when a child is about to take it, again if that child dies. */
  read(): Promise<Uint8Array>;
  onStart(module: string): void;
  onEnd(module: string, end: InlineEnd): void;
  /** Keeps one extracted file; the child waits for it. */
  onChild(module: string, name: string, bytes: Uint8Array): Promise<void>;
}
