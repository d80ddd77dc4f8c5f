import type { FrameLimits, Sha256 } from "@assay/core";
import type { Json } from "../module/define.ts";

/** A module that a child loads: where its code is, and its checked options. */
export interface ChildModule {
  readonly name: string;
  /** `file:` URL of the module's `mod.ts`. */
  readonly url: string;
  readonly options: unknown;
}

/** First message to a child. */
export interface OpenMessage {
  readonly type: "open";
  readonly modules: readonly ChildModule[];
  readonly extraction: ExtractionLimits;
}

/** One sample's work. Blobs: its bytes, then the findings (JSON) of each module in `known`. */
export interface SampleMessage {
  readonly type: "sample";
  readonly sha256: Sha256;
  readonly name: string | null;
  readonly passwords: readonly string[];
  /** What to run, in this order. */
  readonly modules: readonly string[];
  /** Modules whose findings are known from before. */
  readonly known: readonly string[];
}

/** What a child is told. */
export type ToChild = OpenMessage | SampleMessage;

/** What happens in a child, in order; several go in one frame. */
export type ChildEvent =
  /** Ready to work; modules that can't be opened, with the reason. */
  | { readonly type: "ready"; readonly failed: Readonly<Record<string, string>> }
  | { readonly type: "start"; readonly module: string }
  /** One file extracted; one blob. */
  | { readonly type: "child"; readonly module: string; readonly name: string }
  /** Blobs: observations (JSON), raw (JSON) where `raw`, the attachment where it is named. */
  | {
    readonly type: "end";
    readonly module: string;
    readonly status: "ok";
    readonly ms: number;
    readonly raw: boolean;
    readonly attachment: string | null;
    readonly limits: readonly string[];
  }
  | { readonly type: "end"; readonly module: string; readonly status: "nothing"; readonly ms: number }
  | {
    readonly type: "end";
    readonly module: string;
    readonly status: "error" | "skipped";
    readonly ms: number;
    readonly reason: string;
  }
  /** The sample is finished. */
  | { readonly type: "done" };

/** What a child says. */
export interface FromChild {
  readonly events: readonly ChildEvent[];
}

/** What may be taken out of one sample. */
export interface ExtractionLimits {
  readonly maxChildren: number;
  readonly maxFileBytes: number;
  readonly maxBytes: number;
  readonly maxRatio: number;
}

/** What `filetype` leaves in its findings' `raw` for the framework and for other modules. */
export interface FileTypeRaw {
  readonly fileType: string;
  readonly mime: string;
  readonly magic: string | null;
}

const MiB = 1024 * 1024;
/** Most observations of one run; bytes of their JSON, of raw's JSON, and of an attachment. */
export const OUTPUT = {
  observations: 20_000,
  observationBytes: 8 * MiB,
  rawBytes: MiB,
  attachmentBytes: 64 * MiB,
} as const;

/** Largest frame that a child may send; one extracted file goes in one frame. */
export function fromChildLimits(extraction: ExtractionLimits): FrameLimits {
  const end = OUTPUT.observationBytes + OUTPUT.rawBytes + OUTPUT.attachmentBytes;
  return { header: MiB, blobs: Math.max(end, extraction.maxFileBytes) };
}

/** Largest frame that a child is sent: the worker is trusted, so it only guards against nonsense. */
export const TO_CHILD_LIMITS: FrameLimits = { header: 16 * MiB, blobs: 4096 * MiB };

/** What `filetype` found, from its raw part; what is unknown says so. */
export function readFileType(raw: Json | undefined): FileTypeRaw {
  const { fileType, mime, magic } = typeof raw === "object" && raw !== null && !Array.isArray(raw) ? raw : {};
  return {
    fileType: typeof fileType === "string" ? fileType.slice(0, 40) : "unknown",
    mime: typeof mime === "string" ? mime.slice(0, 200) : "application/octet-stream",
    magic: typeof magic === "string" ? magic.slice(0, 1000) : null,
  };
}
