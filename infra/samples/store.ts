import type { Sha256 } from "@assay/core";

/** Where samples' bytes are kept, by SHA-256: a folder, in production a GlusterFS volume mounted by FUSE. */
export interface SampleStore {
  /**
   * Streams to a temporary file while hashing, then fsync and rename to `aa/bb/<sha256>`; the same bytes are stored once.
   * Nothing is left over after an abort or an error. `agree` is asked once the bytes are safe on disk, and the sample
   * is kept only if it resolves: so a request of many files keeps all or none.
   * @throws {SampleTooLargeError} past `maxBytes`
   */
  put(
    bytes: ReadableStream<Uint8Array> | Uint8Array,
    limits: { maxBytes: number; signal?: AbortSignal; agree?: (sample: StoredSample) => Promise<void> },
  ): Promise<StoredSample>;
  has(sha256: Sha256): Promise<boolean>;
  /** Null where it isn't stored. */
  size(sha256: Sha256): Promise<number | null>;
  /** The whole file. @throws {SampleMissingError} */
  read(sha256: Sha256): Promise<Uint8Array>;
  /** @throws {SampleMissingError} */
  open(sha256: Sha256): Promise<{ size: number; stream: ReadableStream<Uint8Array> }>;
  /** The absolute path, for tools that take paths. Only ever made of the digest. */
  path(sha256: Sha256): string;
  remove(sha256: Sha256): Promise<boolean>;
  /** Keeps a by-product beside the sample (`<sha256>.<name>.gz`), replacing an earlier one. Name: `[a-z][a-z0-9-]*`. */
  attach(sha256: Sha256, name: string, gzip: Uint8Array): Promise<void>;
  attachment(sha256: Sha256, name: string): Promise<Uint8Array | null>;
  /** Resolves where samples can be written (and the mount is there, if one is asked for); throws with what to do. */
  check(): Promise<void>;
}

/** A sample in the store. */
export interface StoredSample {
  readonly sha256: Sha256;
  readonly size: number;
  /** True where these bytes were there before. */
  readonly known: boolean;
}

/** Thrown when an upload passes its limit. */
export class SampleTooLargeError extends Error {
  override readonly name = "SampleTooLargeError";
  /** The limit in bytes. */
  readonly maxBytes: number;
  constructor(maxBytes: number) {
    super(`Cannot store sample: larger than the limit of ${maxBytes} bytes`);
    this.maxBytes = maxBytes;
  }
}

/** Thrown when bytes that should be there are not. */
export class SampleMissingError extends Error {
  override readonly name = "SampleMissingError";
}

/** Thrown when the folder or its mount isn't there: nothing was written, try again when it is back. */
export class SampleStoreAwayError extends Error {
  override readonly name = "SampleStoreAwayError";
}
