import { exportForms, IMPORT_LIMITS, ImportOptions, UnreadableImportError } from "@assay/core";
import {
  EXPORT_PATH,
  ExportError,
  exportRefusals,
  IMPORT_PATH,
  type ImportReader,
  READY_PATH,
  type RefusalBody,
  REPORT_HEADER,
  ReportExportRequest,
  type ReportExports,
  TLP_HEADER,
} from "@assay/infra";
import { getLogger } from "@logtape/logtape";
import { createHash, timingSafeEqual } from "node:crypto";
import type { z } from "zod";

/** Bytes of a request: ids and a few words. */
const MOST_BODY = 64 * 1024;

const log = getLogger(["assay", "reports"]);

/** What the reports process answers: `POST /v1/export` and `/v1/import`, `GET /v1/ready`; to nobody who doesn't know the secret. */
export function createHandler(
  exporter: ReportExports,
  importer: ImportReader,
  secret: string,
): (request: Request) => Promise<Response> {
  const expected = digestOf(`Bearer ${secret}`);

  async function answer(request: Request): Promise<Response> {
    if (!timingSafeEqual(digestOf(request.headers.get("authorization") ?? ""), expected)) {
      return new Response("Expected the secret\n", { status: 401 });
    }
    const { pathname, searchParams } = new URL(request.url);
    if (request.method === "GET" && pathname === READY_PATH) {
      await exporter.ping();
      return new Response(null, { status: 204 });
    }
    if (request.method === "POST" && pathname === IMPORT_PATH) {
      const options = ImportOptions.safeParse(Object.fromEntries(searchParams));
      const file = await readBody(request, IMPORT_LIMITS.bytes);
      if (!options.success || file === null) return new Response("Expected an import\n", { status: 400 });
      return Response.json(await importer.read(file, options.data, request.signal));
    }
    if (request.method !== "POST" || pathname !== EXPORT_PATH) return new Response(null, { status: 404 });
    const asked = await readRequest(request);
    if (asked === null) return new Response("Expected a request for an export\n", { status: 400 });
    const { body, etag, report, size, tlp } = await exporter.export(asked, request.signal);
    const headers = { etag, [REPORT_HEADER]: report, [TLP_HEADER]: tlp };
    if (body === null) return new Response(null, { status: 304, headers });
    return new Response(body, {
      headers: {
        ...headers,
        "content-type": exportForms[asked.format].mediaType,
        "content-length": String(size),
      },
    });
  }

  return async (request) => {
    try {
      return await answer(request);
    } catch (cause) {
      return refuse(request.signal.aborted ? gone(cause) : cause);
    }
  };
}

/** The request, checked; null where it is none. */
async function readRequest(request: Request): Promise<ReportExportRequest | null> {
  const body = await readBody(request, MOST_BODY);
  if (body === null) return null;
  try {
    return ReportExportRequest.parse(JSON.parse(new TextDecoder().decode(body)));
  } catch (error) {
    log.warn("Cannot read a request for an export: {error}", { error });
    return null;
  }
}

/** The body; null where it is longer. */
async function readBody(request: Request, most: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  for await (const piece of request.body ?? []) {
    size += piece.length;
    if (size > most) return null;
    pieces.push(piece);
  }
  return new Uint8Array(await new Blob(pieces).arrayBuffer());
}

/** Nobody reads this: the asker went away. */
function gone(cause: unknown): ExportError {
  return new ExportError("away", "Cannot answer: the asker went away", { cause });
}

function refuse(cause: unknown): Response {
  const error = cause instanceof ExportError
    ? cause
    : cause instanceof UnreadableImportError
    ? new ExportError("unreadable", cause.message, { cause })
    : new ExportError("failed", "Cannot make the export", { cause });
  if (error.refusal === "failed" || error.refusal === "too-large") {
    log.error("{message}: {cause}", { message: error.message, cause: error.cause ?? null });
  }
  const { refusal, message, retryAfter } = error;
  const body: z.infer<typeof RefusalBody> = { refusal, message: message.slice(0, 2000), retryAfter };
  return Response.json(body, { status: exportRefusals[refusal] });
}

function digestOf(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
