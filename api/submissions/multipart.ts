import { Dicer } from "@fastify/busboy";
import type { Readable } from "node:stream";
import { ProblemError } from "../problem/problem.ts";
import { type Disposition, parseDisposition } from "./disposition.ts";
import { createInterruption } from "./interruption.ts";

/** One part of a multipart body. Its bytes must be read, or the parts after it never come. */
export interface Part {
  readonly disposition: Disposition;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Bytes of the headers of one part, and lines of them. */
const MAX_HEADERS = { bytes: 64 * 1024, lines: 20 };

/**
 * Reads multipart/form-data as it comes: hands out each part when its headers are there and takes more bytes only as
 * fast as the parts are read, so memory stays flat whatever the size. Resolves after the last byte. The parts are
 * read beside it: `onPart` starts that and doesn't wait.
 * @throws {ProblemError} `invalid-multipart` where the body is malformed or ends early
 */
export async function readMultipart(
  body: AsyncIterable<Uint8Array>,
  contentType: string,
  onPart: (part: Part) => void,
  signal: AbortSignal,
): Promise<void> {
  // The package's types don't know `maxHeaderSize`, hence not a literal in the call.
  const config = {
    boundary: boundaryOf(contentType),
    maxHeaderPairs: MAX_HEADERS.lines,
    maxHeaderSize: MAX_HEADERS.bytes,
  };
  const dicer = new Dicer(config);
  using interruption = createInterruption(signal);
  const parts = new Set<Readable>();
  /** Parts whose headers have not come yet. */
  let headless = 0;
  const finished = Promise.withResolvers<void>();
  let isFinished = false;
  let goOn = () => {};
  const fail = (detail: string) => interruption.interrupt(malformed(detail));

  // With the last boundary the package leaves a write that waits for its reader without an answer: this is the answer.
  dicer.on("finish", () => {
    isFinished = true;
    finished.resolve();
    goOn();
  });
  dicer.on("error", () => fail("it ends before its closing boundary"));
  dicer.on("part", (stream: Readable) => {
    parts.add(stream);
    headless++;
    stream.on("error", () => {}); // a broken body is told by `dicer` too; a reader that stops is his own affair
    stream.on("close", () => parts.delete(stream));
    stream.on("header", (headers: Record<string, string[] | undefined>) => {
      headless--;
      const header = headers["content-disposition"]?.[0];
      const disposition = header === undefined ? null : parseDisposition(header);
      if (disposition?.type === "form-data") return onPart({ disposition, bytes: stream });
      stream.resume();
      fail("a part has no readable 'Content-Disposition: form-data' header");
    });
  });

  try {
    for await (const chunk of body) {
      if (isFinished) continue; // what follows the last boundary is read and means nothing
      await interruption.wait(
        new Promise<void>((resolve) => {
          goOn = resolve;
          dicer.write(chunk, () => resolve());
        }),
      );
    }
    if (!isFinished) dicer.end();
    await interruption.wait(finished.promise);
    if (headless > 0) throw malformed("a part has no headers");
    for (const part of parts) await interruption.wait(closed(part));
  } finally {
    // Parts that are still read elsewhere end there with this error instead of waiting for ever.
    for (const part of parts) part.destroy(new Error("The multipart body was given up"));
    dicer.destroy();
  }
}

/** Resolves once a part is read, or its reader has given it up, which is his own affair. */
function closed(part: Readable): Promise<void> {
  return new Promise((resolve) => part.once("close", () => resolve()));
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
