/**
 * What goes through the pipes between a process and its children: frames of a JSON header and blobs. On the wire: length of the
 * header (32 bits, little endian), the header, then each blob; the header's `blobs` gives their lengths.
 */
export interface Frame<Header> {
  readonly header: Header;
  readonly blobs: readonly Uint8Array[];
}

/** Thrown where the other side doesn't keep to the protocol; it can't be talked to any more. */
export class FrameError extends Error {
  override readonly name = "FrameError";
}

/** Thrown where the stream ends inside a frame: who wrote it has died, and how it died says more. */
export class CutOffError extends FrameError {}

/** What one frame may hold. */
export interface FrameLimits {
  readonly header: number;
  /** All blobs together. */
  readonly blobs: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
/** Below this, one copy is cheaper than one more system call. */
const SMALL = 64 * 1024;

/** The frame as pieces to write one after the other; big blobs are not copied. */
export function encodeFrame<Header extends object>(
  header: Header,
  blobs: readonly Uint8Array[],
): Uint8Array[] {
  const json = encoder.encode(JSON.stringify({ ...header, blobs: blobs.map((blob) => blob.length) }));
  const total = blobs.reduce((sum, blob) => sum + blob.length, 4 + json.length);
  const together = total <= SMALL;
  const head = new Uint8Array(together ? total : 4 + json.length);
  new DataView(head.buffer).setUint32(0, json.length, true);
  head.set(json, 4);
  if (!together) return [head, ...blobs.filter((blob) => blob.length > 0)];
  let at = 4 + json.length;
  for (const blob of blobs) {
    head.set(blob, at);
    at += blob.length;
  }
  return [head];
}

function headerLength(bytes: Uint8Array, limits: FrameLimits): number {
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  if (length > limits.header) throw new FrameError(`Cannot read frame: its header has ${length} bytes`);
  return length;
}

/** Checks what the blobs ask for before anything is allocated. */
function parseHeader<Header>(
  bytes: Uint8Array,
  limits: FrameLimits,
): { header: Header; lengths: number[] } {
  let header: unknown;
  try {
    header = JSON.parse(decoder.decode(bytes));
  } catch (cause) {
    throw new FrameError("Cannot read frame: its header is no JSON", { cause });
  }
  const lengths = (header as { blobs?: unknown } | null)?.blobs;
  if (!Array.isArray(lengths) || !lengths.every((length) => Number.isSafeInteger(length) && length >= 0)) {
    throw new FrameError("Cannot read frame: expected the lengths of its blobs");
  }
  const total = lengths.reduce((sum: number, length: number) => sum + length, 0);
  if (total > limits.blobs) throw new FrameError(`Cannot read frame: its blobs have ${total} bytes`);
  return { header: header as Header, lengths };
}

/** Reads frames from a child's pipe, straight into buffers of their own. */
export class FrameReader<Header> {
  readonly #reader: ReadableStreamBYOBReader;
  readonly #limits: FrameLimits;

  constructor(stream: ReadableStream<Uint8Array<ArrayBuffer>>, limits: FrameLimits) {
    this.#reader = stream.getReader({ mode: "byob" });
    this.#limits = limits;
  }

  /** The next frame; null at the end. @throws {FrameError} where it is cut off or too large */
  async next(): Promise<Frame<Header> | null> {
    const prefix = await this.#exactly(4, true);
    if (prefix === null) return null;
    const { header, lengths } = parseHeader<Header>(
      (await this.#exactly(headerLength(prefix, this.#limits)))!,
      this.#limits,
    );
    const blobs: Uint8Array[] = [];
    for (const length of lengths) blobs.push((await this.#exactly(length))!);
    return { header, blobs };
  }

  /** Frees the pipe. */
  async cancel(): Promise<void> {
    await this.#reader.cancel();
  }

  async #exactly(length: number, mayEnd = false): Promise<Uint8Array | null> {
    if (length === 0) return new Uint8Array(0);
    const { value } = await this.#reader.read(new Uint8Array(length), { min: length });
    if (value?.length === length) return value;
    if (mayEnd && (value?.length ?? 0) === 0) return null;
    throw new CutOffError("Cannot read frame: cut off");
  }
}

/** Reads the next frame by blocking: for the child, which has nothing else to do. Null at the end. @throws {FrameError} */
export function readFrameSync<Header>(
  source: { readSync(into: Uint8Array): number | null },
  limits: FrameLimits,
): Frame<Header> | null {
  const prefix = exactlySync(source, 4, true);
  if (prefix === null) return null;
  const { header, lengths } = parseHeader<Header>(
    exactlySync(source, headerLength(prefix, limits))!,
    limits,
  );
  return { header, blobs: lengths.map((length) => exactlySync(source, length)!) };
}

function exactlySync(
  source: { readSync(into: Uint8Array): number | null },
  length: number,
  mayEnd = false,
): Uint8Array | null {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const read = source.readSync(at === 0 ? bytes : bytes.subarray(at));
    if (read === null || read === 0) {
      if (mayEnd && at === 0) return null;
      throw new FrameError("Cannot read frame: cut off");
    }
    at += read;
  }
  return bytes;
}
