import { TaskId, Tlp } from "@assay/core";
import { z } from "zod";
import {
  EXPORT_PATH,
  type ExportedReport,
  ExportError,
  READY_PATH,
  RefusalBody,
  REPORT_HEADER,
  type ReportExportRequest,
  type ReportExports,
  TLP_HEADER,
} from "./contract.ts";

/** Where the reports process is. */
export interface ReportExportsAddress {
  /** e.g. `http://127.0.0.1:41234`. */
  readonly url: string;
  readonly secret: string;
}

/** Seconds after which to ask again while the process is away: that is how long a new one takes to start. */
const RETRY_AFTER = 5;
/** Milliseconds that the process may take to say that it is ready. */
const PATIENCE = 5000;

/**
 * The reports process, asked by HTTP on this machine: a port of loopback and a secret, since the path of a socket may be too long for the
 * system and another machine can only be asked so.
 */
export function connectReportExports(address: ReportExportsAddress): ReportExports {
  return {
    async export(request: ReportExportRequest, signal): Promise<ExportedReport> {
      const response = await askReports(address, EXPORT_PATH, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(request),
        signal,
      });
      const about = Answer.parse(Object.fromEntries(response.headers));
      return {
        report: about[REPORT_HEADER],
        format: request.format,
        tlp: about[TLP_HEADER],
        etag: about.etag,
        body: response.status === 304 ? null : response.body,
        size: about["content-length"] ?? 0,
      };
    },
    async ping() {
      const response = await askReports(address, READY_PATH, { signal: AbortSignal.timeout(PATIENCE) });
      await response.body?.cancel();
    },
  };
}

/** Asks the reports process. @throws {ExportError} where it refuses or is away */
export async function askReports(
  { url, secret }: ReportExportsAddress,
  path: string,
  init: RequestInit,
): Promise<Response> {
  const headers = { ...Object.fromEntries(new Headers(init.headers)), authorization: `Bearer ${secret}` };
  const response = await send(new URL(path, url), { ...init, headers });
  if (response.ok || response.status === 304) return response;
  const text = await response.text();
  const refused = RefusalBody.safeParse(parse(text));
  if (refused.success) {
    const { refusal, message, retryAfter } = refused.data;
    throw new ExportError(refusal, message, { retryAfter });
  }
  throw new Error(`Cannot ask the reports process: it answered ${response.status} '${text.slice(0, 200)}'`);
}

const Answer = z.object({
  etag: z.string().regex(/^"[\x21\x23-\x7e]{1,100}"$/),
  [REPORT_HEADER]: TaskId,
  [TLP_HEADER]: Tlp,
  "content-length": z.coerce.number().int().nonnegative().optional(),
});

async function send(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    init.signal?.throwIfAborted();
    throw new ExportError("away", "Cannot reach the reports process", { retryAfter: RETRY_AFTER, cause });
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // no refusal of ours: told with its status
  }
}
