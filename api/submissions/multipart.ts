import { Buffer } from "node:buffer";
import { ProblemError } from "../problem/problem.ts";
import { createDelimiter } from "./delimiter.ts";
import { type Disposition, parseDisposition } from "./disposition.ts";
import { createInterruption } from "./interruption.ts";

/** One part of a multipart body. The next comes once its bytes are read, or their reader has stopped. */
export interface Part {
  readonly disposition: Disposition;
  readonly bytes: AsyncGenerator<Uint8Array>;
}

/** Bytes of the headers of one part. */
const MAX_HEADERS = 32 * 1024;

const HEADERS_END = Buffer.from("\r\n\r\n");

/**
 * Reads multipart/form-data (RFC 2046, 5.1 and RFC 7578) as it comes, taking more bytes only as fast as the parts are
 * read, so memory stays flat whatever the size. Bytes are handed on without a copy and are good until the next are asked for. Ends after the last
 * byte of the body.
 * @throws {ProblemError} `invalid-multipart` where the body is malformed or ends early
 */
export async function* readMultipart(
  body: AsyncIterable<Uint8Array>,
  contentType: string,
  signal: AbortSignal,
): AsyncGenerator<Part> {
  const delimiter = createDelimiter(Buffer.from(`\r\n--${boundaryOf(contentType)}`, "latin1"));
  const chunks = body[Symbol.asyncIterator]();
  using interruption = createInterruption(signal);
  // The first delimiter may begin the body: then it lacks the line break before it.
  let rest: Buffer = Buffer.from("\r\n");
  let isInside = true;

  async function more(): Promise<void> {
    const kept = Buffer.from(rest); // a copy of few bytes: the chunk they are in is good until the next comes
    const { done, value } = await chunks.next();
    if (done) throw malformed("it ends before its closing boundary");
    const chunk = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    rest = kept.length === 0 ? chunk : Buffer.concat([kept, chunk]);
  }

  /** The bytes before the next delimiter; leaves what follows it. */
  async function* untilDelimiter(): AsyncGenerator<Uint8Array> {
    while (isInside) {
      const at = delimiter.find(rest);
      isInside = at === -1;
      const end = isInside ? rest.length - delimiter.overlap(rest) : at;
      const found = rest.subarray(0, end);
      rest = rest.subarray(isInside ? end : at + delimiter.bytes.length);
      if (found.length > 0) yield found;
      if (isInside) await more();
    }
  }

  async function passOver(): Promise<void> {
    for await (const _ of untilDelimiter());
  }

  async function readHeaders(): Promise<string> {
    let at = rest.indexOf(HEADERS_END);
    for (; at === -1; at = rest.indexOf(HEADERS_END)) {
      if (rest.length > MAX_HEADERS) break;
      await more();
    }
    if (at === -1 || at > MAX_HEADERS) {
      throw malformed(`the headers of a part are longer than ${MAX_HEADERS} bytes`);
    }
    const headers = rest.toString("latin1", 0, at);
    rest = rest.subarray(at + HEADERS_END.length);
    return headers;
  }

  try {
    await passOver(); // the preamble means nothing
    while (true) {
      while (rest.length < 2) await more();
      if (rest.toString("latin1", 0, 2) === "--") break;
      const disposition = dispositionOf(await readHeaders());
      isInside = true;
      const read = Promise.withResolvers<void>();
      read.promise.catch(() => {}); // awaited once the part was taken
      yield { disposition, bytes: watched(untilDelimiter(), read) };
      await interruption.wait(read.promise);
      await passOver(); // what its reader has left
    }
    while (!(await chunks.next()).done); // neither does what follows the last boundary
  } finally {
    await chunks.return?.();
  }
}

/** Tells when a part is read, broken, or given up by its reader. */
async function* watched(
  bytes: AsyncGenerator<Uint8Array>,
  read: PromiseWithResolvers<void>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (cause) {
    read.reject(cause);
    throw cause;
  } finally {
    read.resolve();
  }
}

/** Reads the headers of a part, from the end of its delimiter on. */
function dispositionOf(headers: string): Disposition {
  const [padding, ...lines] = headers.replace(/\r\n[ \t]+/g, " ").split("\r\n");
  const isMalformed = padding!.trim() !== "" || lines.some((line) => !/^[^\s:]+[ \t]*:[^\r\n]*$/.test(line));
  const line = isMalformed ? undefined : lines.find((line) => /^content-disposition[ \t]*:/i.test(line));
  const disposition = line === undefined ? null : parseDisposition(line.slice(line.indexOf(":") + 1));
  if (disposition?.type === "form-data") return disposition;
  throw malformed("a part has no readable 'Content-Disposition: form-data' header");
}

function boundaryOf(contentType: string): string {
  const [, quoted, bare] = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i.exec(contentType) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) throw malformed("its content type names no boundary");
  if (boundary.length > 70) throw malformed("its boundary is longer than 70 characters");
  return boundary;
}

function malformed(detail: string): ProblemError {
  return new ProblemError("invalid-multipart", `Cannot read multipart body: ${detail}`);
}
