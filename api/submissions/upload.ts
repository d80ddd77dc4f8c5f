import type { SubmittedFile } from "@assay/core";
import type { SampleStore } from "@assay/infra";
import { ProblemError } from "../problem/problem.ts";
import { readBody } from "./body.ts";
import { type Part, readMultipart } from "./multipart.ts";
import { keepName } from "./name.ts";

/** Limits of an upload. */
export interface UploadLimits {
  /** Bytes of one file. */
  readonly maxSampleBytes: number;
  readonly maxFiles: number;
  /** Milliseconds without a byte. */
  readonly uploadIdle: number;
  /** Gives uploads up. */
  readonly signal: AbortSignal;
}

/** What came in: files whose bytes are stored, and the options as they were sent. */
export interface Upload {
  readonly files: readonly SubmittedFile[];
  /** JSON text of the options; null where none were sent. */
  readonly options: string | null;
}

/** Bytes of options. */
const MAX_OPTIONS = 64 * 1024;

/** Reads one sample from a raw body. Nothing is left over after an abort or an error. */
export async function receiveRaw(
  request: Request,
  name: string | null,
  samples: Pick<SampleStore, "put">,
  limits: UploadLimits,
): Promise<SubmittedFile> {
  refuseLength(request, limits.maxSampleBytes, "sample-too-large");
  const signal = AbortSignal.any([request.signal, limits.signal]);
  const body = readBody(request, limits.uploadIdle, signal);
  const { sha256, size } = await samples.put(ReadableStream.from(body), {
    maxBytes: limits.maxSampleBytes,
    signal,
  });
  return { sha256, size, name: keepName(name) };
}

/**
 * Reads a multipart body, streaming each `file` part straight into the store. All files are kept, or none: one
 * controller ends the reading and every write on the first failure, and the files are renamed into place only after
 * the last byte was read and `check` has accepted the options.
 */
export async function receiveMultipart(
  request: Request,
  samples: Pick<SampleStore, "put">,
  limits: UploadLimits,
  check: (options: string | null) => Promise<void>,
): Promise<Upload> {
  const controller = new AbortController();
  const signal = AbortSignal.any([controller.signal, request.signal, limits.signal]);
  const agreed = Promise.withResolvers<void>();
  const staged: Promise<void>[] = [];
  const kept: Promise<SubmittedFile>[] = [];
  let options: string | null = null;

  agreed.promise.catch(() => {}); // where no file waits for it, nobody listens

  function keep(part: Part): void {
    if (kept.length === limits.maxFiles) throw tooManyFiles(limits.maxFiles);
    const stage = Promise.withResolvers<void>();
    const put = samples.put(ReadableStream.from(part.bytes), {
      maxBytes: limits.maxSampleBytes,
      signal,
      agree: () => {
        stage.resolve();
        return agreed.promise;
      },
    }).then(({ sha256, size }) => ({ sha256, size, name: keepName(part.disposition.filename) }));
    put.catch((cause) => {
      controller.abort(cause);
      stage.reject(cause);
    });
    stage.promise.catch(() => {}); // awaited with all others once the body is read
    staged.push(stage.promise);
    kept.push(put);
  }

  try {
    const body = readBody(request, limits.uploadIdle, signal);
    for await (const part of readMultipart(body, request.headers.get("content-type") ?? "", signal)) {
      const { name } = part.disposition;
      if (name === "file") keep(part);
      else if (name !== "options") throw unexpected(`a part named '${name ?? ""}'`);
      else if (options !== null) throw unexpected("a second 'options' part");
      else options = await readText(part.bytes, MAX_OPTIONS);
    }
    await Promise.all(staged);
    if (kept.length === 0) throw new ProblemError("no-files", "Cannot submit: no part named 'file' was sent");
    await check(options);
    agreed.resolve();
    return { files: await Promise.all(kept), options };
  } catch (cause) {
    // What came first counts: the failures after it only follow from it.
    controller.abort(cause);
    agreed.reject(signal.reason);
    await Promise.allSettled(kept);
    throw signal.reason;
  }
}

/** Reads a JSON body of at most `maxBytes`. */
export async function receiveText(request: Request, maxBytes: number, idle: number): Promise<string> {
  refuseLength(request, maxBytes, "body-too-large");
  return await readText(readBody(request, idle, request.signal), maxBytes);
}

async function readText(bytes: AsyncIterable<Uint8Array>, maxBytes: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let read = 0;
  for await (const chunk of bytes) {
    read += chunk.length;
    if (read > maxBytes) throw tooLarge(maxBytes, "body-too-large");
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** Refuses by the announced length before a byte is read. */
function refuseLength(request: Request, maxBytes: number, code: "sample-too-large" | "body-too-large"): void {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes) throw tooLarge(maxBytes, code);
}

function tooLarge(limit: number, code: "sample-too-large" | "body-too-large"): ProblemError {
  return new ProblemError(code, `Cannot read body: larger than ${limit} bytes`, { extra: { limit } });
}

/** The refusal of a submission with more files than allowed. */
export function tooManyFiles(limit: number): ProblemError {
  return new ProblemError("too-many-files", `Cannot submit: more than ${limit} files`, { extra: { limit } });
}

function unexpected(what: string): ProblemError {
  return new ProblemError(
    "invalid-multipart",
    `Cannot submit: got ${what.slice(0, 200)}, expected parts named 'file' and at most one named 'options'`,
  );
}
